using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Interop.Netlink;
using Portal.Engine.Linux.Networks.Firewall;
using Portal.Engine.Linux.Networks.Firewall.Others;
using Portal.Engine.Linux.Networks.Namespaces;

namespace Portal.Engine.Linux.Tests.Networks.Others;

public sealed class FilterReaderTests
{
    private const int Chains = 40;

    /// <summary>Others replace their tables whole, as nft -f does; a look in the middle of it sees each chain once.</summary>
    [Fact]
    public async Task Read_WhileATableIsReplaced_HasEachChainOnce()
    {
        const int looks = 20_000;
        var table = string.Concat(
            "add table inet other\ndelete table inet other\nadd table inet other\n",
            "add chain inet other forward { type filter hook forward priority 0; }\n",
            string.Concat(Enumerable.Range(1, Chains - 1).Select(number => $"add chain inet other chain{number}\n")));

        // What is opened in a namespace stays there.
        var (socket, writer) = NamespaceThread.RunInNew(() =>
        {
            var context = new NftablesContext();
            Assert.True(context.TryRun(table, out var refusal), refusal);
            return (NetlinkSocket.Open(NetlinkSocket.Netfilter), context);
        });
        using (socket)
        using (writer)
        {
            var isDone = false;
            var replacing = Task.Run(() =>
            {
                var replaced = 0;
                while (!Volatile.Read(ref isDone))
                {
                    Assert.True(writer.TryRun(table, out var refusal), refusal);
                    replaced++;
                }

                return replaced;
            });
            try
            {
                var seen = 0;
                for (var look = 0; look < looks; look++)
                {
                    seen += Look(socket);
                }

                Assert.NotEqual(0, seen);
            }
            finally
            {
                Volatile.Write(ref isDone, true);
            }

            Assert.NotEqual(0, await replacing);
        }
    }

    private static int Look(NetlinkSocket socket)
    {
        try
        {
            Assert.Equal(Chains, FilterReader.Read(socket, "own").Select(chain => chain.Name).Distinct().Count());
            return 1;
        }
        catch (NetlinkException failure) when (failure.ErrorNumber == Errno.Busy)
        {
            // Changed throughout ten dumps of the kernel's: told as what could not be read, not as half of it.
            return 0;
        }
    }
}
