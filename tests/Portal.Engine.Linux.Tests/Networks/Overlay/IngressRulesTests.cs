using System.Net;
using System.Text;
using Portal.Engine.Linux.Networks.Firewall;
using Portal.Engine.Networks;
using Portal.Engine.Networks.Ingress;

namespace Portal.Engine.Linux.Tests.Networks.Overlay;

/// <summary>What is written for ports at which every node answers.</summary>
public sealed class IngressRulesTests
{
    private static readonly IngressPort s_web = new(PortProtocol.Tcp, 8080);
    private static readonly IngressPort s_dns = new(PortProtocol.Udp, 53);
    private static readonly IPEndPoint s_one = IPEndPoint.Parse("10.77.1.2:80");
    private static readonly IPEndPoint s_two = IPEndPoint.Parse("10.77.2.2:81");

    private readonly IngressRules _rules = new("t");

    [Fact]
    public void Append_TwoPorts_HasAChainForEachAndOneMapToThem()
    {
        var text = new StringBuilder();
        _rules.Append(text, [new BalancedPort(s_web, [s_one, s_two]), new BalancedPort(s_dns, [s_one])]);

        Assert.Equal(
            """
              chain ingress_6_8080 {
                meta l4proto 6 dnat ip to numgen inc mod 2 map { 0 : 10.77.1.2 . 80, 1 : 10.77.2.2 . 81 }
              }
              chain ingress_17_53 {
                meta l4proto 17 dnat ip to numgen inc mod 1 map { 0 : 10.77.1.2 . 80 }
              }
              map ingress { type inet_proto . inet_service : verdict; elements = { 6 . 8080 : jump ingress_6_8080, 17 . 53 : jump ingress_17_53 } }
              set ingress_targets { type ipv4_addr . inet_proto . inet_service; elements = { 10.77.1.2 . 6 . 80, 10.77.2.2 . 6 . 81, 10.77.1.2 . 17 . 80 } }

            """,
            text.ToString());
    }

    [Fact]
    public void Append_None_HasMapAndSetAllTheSame()
    {
        var text = new StringBuilder();
        _rules.Append(text, []);

        Assert.Equal(
            "  map ingress { type inet_proto . inet_service : verdict; }\n  set ingress_targets { type ipv4_addr . inet_proto . inet_service; }\n",
            text.ToString());
    }

    [Fact]
    public void Change_ToTheSame_IsNothing()
    {
        BalancedPort[] ports = [new(s_web, [s_one, s_two])];
        _rules.Append(new StringBuilder(), ports);

        Assert.Equal("", _rules.Change(ports, [new BalancedPort(s_web, [s_one, s_two])]));
    }

    [Fact]
    public void Change_OfTargets_AddsTheNewBeforeAnythingLeadsToIt()
    {
        BalancedPort[] before = [new(s_web, [s_one])];
        _rules.Append(new StringBuilder(), before);

        Assert.Equal(
            """
            add element inet t ingress_targets { 10.77.2.2 . 6 . 81 }
            flush chain inet t ingress_6_8080
            add rule inet t ingress_6_8080 meta l4proto 6 dnat ip to numgen inc mod 1 map { 0 : 10.77.2.2 . 81 }

            """,
            _rules.Change(before, [new BalancedPort(s_web, [s_two])]));
    }

    [Fact]
    public void Change_AfterATargetWent_ForgetsItOnlyNow()
    {
        BalancedPort[] both = [new(s_web, [s_one, s_two])];
        BalancedPort[] one = [new(s_web, [s_one])];
        _rules.Append(new StringBuilder(), both);

        // A packet may be between the two look-ups.
        Assert.DoesNotContain("delete", _rules.Change(both, one), StringComparison.Ordinal);
        Assert.Equal("delete element inet t ingress_targets { 10.77.2.2 . 6 . 81 }\n", _rules.Change(one, one));
        Assert.Equal("", _rules.Change(one, one));
    }

    [Fact]
    public void Change_OfPorts_LeadsToChainsThatAreThereAndRemovesThoseNothingLeadsTo()
    {
        BalancedPort[] before = [new(s_web, [s_one])];
        _rules.Append(new StringBuilder(), before);

        Assert.Equal(
            """
            add element inet t ingress_targets { 10.77.1.2 . 17 . 80 }
            add chain inet t ingress_17_53
            add rule inet t ingress_17_53 meta l4proto 17 dnat ip to numgen inc mod 1 map { 0 : 10.77.1.2 . 80 }
            add element inet t ingress { 17 . 53 : jump ingress_17_53 }
            delete element inet t ingress { 6 . 8080 }
            flush chain inet t ingress_6_8080
            delete chain inet t ingress_6_8080

            """,
            _rules.Change(before, [new BalancedPort(s_dns, [s_one])]));
    }

    [Fact]
    public void Flows_OfAChange_AreThoseToNewPortsAndToWhatWent()
    {
        var (published, withdrawn) = IngressRules.Flows(
            [new BalancedPort(s_web, [s_one, s_two])], [new BalancedPort(s_web, [s_one]), new BalancedPort(s_dns, [s_two])]);

        Assert.Equal(53, Assert.Single(published).HostPort);
        Assert.Equal((8080, s_two.Address, 81), (withdrawn[0].HostPort, withdrawn[0].ContainerAddress, withdrawn[0].ContainerPort));
        Assert.Single(withdrawn);
    }
}
