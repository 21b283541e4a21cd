using Portal.Engine.Linux.Networks.Host;
using Portal.Engine.Linux.Networks.Links;
using Portal.Engine.Linux.Networks.Namespaces;

namespace Portal.Engine.Linux.Tests.Networks.Host;

public sealed class HostForwardingTests
{
    /// <summary>Links of other engines' containers go away between the look at their settings and the change.</summary>
    [Fact]
    public void EnableIpv6_LinksComeAndGo_IsDone()
    {
        NamespaceThread.RunInNew(() =>
        {
            using var routes = RouteSocket.Open();
            var changing = Task.Factory.StartNew(() => ChangeLinks(routes), TaskCreationOptions.LongRunning);
            do
            {
                HostForwarding.EnableIpv6();
            }
            while (!changing.IsCompleted);

            changing.GetAwaiter().GetResult();
            Assert.Equal("1", Sysctl.Read("net/ipv6/conf/all/forwarding"));
            return true;
        });
    }

    private static void ChangeLinks(RouteSocket routes)
    {
        for (var change = 0; change < 50; change++)
        {
            routes.AddCable("one", "other");
            routes.Delete("one");
        }
    }
}
