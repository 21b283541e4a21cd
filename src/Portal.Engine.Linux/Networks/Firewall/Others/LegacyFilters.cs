using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Portal.Engine.Linux.Interop;
using Portal.Engine.Linux.Networks.Namespaces;

namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>
/// Reads the filters of legacy iptables (<c>ip_tables</c>), which are no part of nf_tables and are not told when they change: from the
/// kernel, by getsockopt(2) as the program itself does. Changes nothing: a table that nobody has used is not asked for, since that
/// would make it. Stays in the network namespace of the thread that made it.
/// </summary>
internal sealed class LegacyFilters : IDisposable
{
    private const int Info = 64;
    private const int Entries = 65;
    private const int NameLength = 32;
    private const int InfoLength = 84;
    private const int HooksAt = 36;
    private const int SizeAt = 80;
    private const int EntriesAt = 40;
    private const int MostBytes = 64 << 20;
    private const int Attempts = 5;
    private readonly SafeFileHandle _namespace = NamespaceCalls.Open("/proc/thread-self/ns/net");

    /// <summary>The chains of the tables <c>filter</c> of both families, none where there are no such tables.</summary>
    /// <exception cref="IOException">The kernel does not tell.</exception>
    public IReadOnlyList<FilterChain> Read()
    {
        if (!File.Exists("/proc/net/ip_tables_names") && !File.Exists("/proc/net/ip6_tables_names"))
        {
            return [];
        }

        return NamespaceThread.RunAlone<List<FilterChain>>(() =>
        {
            NamespaceCalls.EnterNetwork(_namespace, "of the engine");
            return [.. Read(LegacyLayout.Ipv4, "ip_tables_names"), .. Read(LegacyLayout.Ipv6, "ip6_tables_names")];
        });
    }

    public void Dispose() => _namespace.Dispose();

    private static IReadOnlyList<FilterChain> Read(LegacyLayout layout, string names)
    {
        var file = $"/proc/thread-self/net/{names}";
        if (!File.Exists(file) || !File.ReadAllLines(file).Contains("filter"))
        {
            return [];
        }

        try
        {
            using var socket = new Socket(layout.AddressFamily, SocketType.Raw, ProtocolType.Raw);
            return Read(socket, layout);
        }
        catch (SocketException failure)
        {
            throw new IOException($"The filters of {layout.Program} can't be read: {failure.Message}", failure);
        }
    }

    private static IReadOnlyList<FilterChain> Read(Socket socket, LegacyLayout layout)
    {
        for (var attempt = 1; ; attempt++)
        {
            var info = Named(InfoLength);
            socket.GetRawSocketOption(layout.Level, Info, info);
            var size = BinaryPrimitives.ReadInt32LittleEndian(info.AsSpan(SizeAt));
            if (size is < 0 or > MostBytes)
            {
                throw new IOException($"The filters of {layout.Program} are {size} bytes, which are not read.");
            }

            var table = Named(EntriesAt + size);
            BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(NameLength), size);
            try
            {
                socket.GetRawSocketOption(layout.Level, Entries, table);
                return LegacyTable.Read(table.AsSpan(EntriesAt), info.AsSpan(HooksAt, 20), layout);
            }
            catch (SocketException) when (attempt < Attempts)
            {
                // Changed between the two.
            }
        }
    }

    private static byte[] Named(int length)
    {
        var bytes = new byte[length];
        Encoding.ASCII.GetBytes("filter", bytes);
        return bytes;
    }
}
