using Portal.Testing;

namespace Portal.Engine.Linux.Tests.Networks.Others;

/// <summary>
/// Beside rules as Docker, ufw, firewalld and administrators write them: what the engine says of them, and what packets do, before and
/// after what it says was done.
/// </summary>
public sealed class OtherFiltersTests
{
    [Fact]
    public async Task NobodyElse_TrafficPasses_NothingIsTold()
    {
        await using var host = await FilteredHost.StartAsync();

        Assert.Empty(host.Warnings());
        Assert.True(await host.GoesOutAsync());
        Assert.True(await host.GoesOutAsync(isIpv6: true));
        Assert.True(await host.ComesInAsync());
        Assert.True(await host.ComesInAsync(isIpv6: true));
    }

    /// <summary>What is told is run as it stands, by the real iptables, whose tables stay readable for it.</summary>
    [Theory]
    [InlineData("iptables")]
    [InlineData("ip6tables")]
    [InlineData("iptables-legacy")]
    public async Task Docker_DropsForwarded_WhatIsToldHelps(string program)
    {
        var isIpv6 = program.StartsWith("ip6", StringComparison.Ordinal);
        await using var host = await FilteredHost.StartAsync();
        await host.LoadAsync(Shapes.Docker, program + "-restore");

        var warning = Assert.Single(host.Warnings());
        Assert.StartsWith(
            "Docker drops what containers send out and what comes in at published ports (filtered0)", warning, StringComparison.Ordinal);
        Assert.Contains($"{program} -I DOCKER-USER -i filtered+ -o up0 -j ACCEPT", warning, StringComparison.Ordinal);
        Assert.False(await host.GoesOutAsync(isIpv6, isHoped: false));
        Assert.False(await host.ComesInAsync(isIpv6, isHoped: false));
        Assert.True(await host.GoesOutAsync(!isIpv6));

        await host.ObeyAsync(warning);

        Assert.Empty(host.Warnings());
        Assert.True(await host.GoesOutAsync(isIpv6));
        Assert.True(await host.ComesInAsync(isIpv6));
        Assert.Contains("-A FORWARD -j DOCKER-USER", await host.RunAsync(program, "-S"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iptables", false)]
    [InlineData("iptables-legacy", false)]
    [InlineData("ip6tables-legacy", true)]
    public async Task PolicyOfAnAdministrator_Drops_WhatIsToldHelps(string program, bool isIpv6)
    {
        await using var host = await FilteredHost.StartAsync();
        await host.RunAsync(program, "-P", "FORWARD", "DROP");

        var warning = Assert.Single(host.Warnings());
        Assert.Contains($"{program} -I FORWARD -o filtered+ -j ACCEPT", warning, StringComparison.Ordinal);
        Assert.False(await host.ComesInAsync(isIpv6, isHoped: false));

        await host.ObeyAsync(warning);

        Assert.Empty(host.Warnings());
        Assert.True(await host.GoesOutAsync(isIpv6));
        Assert.True(await host.ComesInAsync(isIpv6));
    }

    /// <summary>Chains within chains, inverted matches and networks, as the kernel's own tables of legacy iptables have them.</summary>
    [Theory]
    [InlineData("-A FORWARD -j mine\n-A mine ! -i eth9 -j RETURN\n-A mine -j DROP", true)]
    [InlineData("-A FORWARD -j mine\n-A mine -i filtered+ -j DROP", false)]
    [InlineData("-A FORWARD -g mine\n-A FORWARD -j ACCEPT\n-A mine -i eth9 -j ACCEPT\n-A mine -m comment --comment x -j REJECT", false)]
    [InlineData("-A FORWARD -s 192.0.2.0/24 -j DROP\n-A FORWARD -p icmp -j DROP", true)]
    public async Task LegacyChains_AreReadAsTheyAre(string rules, bool passes)
    {
        await using var host = await FilteredHost.StartAsync();
        await host.LoadAsync($"*filter\n:mine - [0:0]\n{rules}\nCOMMIT\n", "iptables-legacy-restore");

        Assert.Equal(passes, host.Warnings().Count == 0);
        Assert.Equal(passes, await host.GoesOutAsync(isHoped: passes));
    }

    [Fact]
    public async Task Ufw_DropsForwarded_ItsRoutesHelp()
    {
        await using var host = await FilteredHost.StartAsync();
        await host.LoadAsync(Shapes.Ufw, "iptables-restore");

        var warning = Assert.Single(host.Warnings());
        Assert.EndsWith(
            "ufw route allow in on filtered0 out on up0 && ufw route allow out on filtered0", warning, StringComparison.Ordinal);
        Assert.False(await host.GoesOutAsync(isHoped: false));
        Assert.False(await host.ComesInAsync(isHoped: false));

        // What ufw makes of the two (ufw-framework(8)).
        await host.RunAsync("iptables", "-A", "ufw-user-forward", "-i", "filtered0", "-o", "up0", "-j", "ACCEPT");
        await host.RunAsync("iptables", "-A", "ufw-user-forward", "-o", "filtered0", "-j", "ACCEPT");

        Assert.Empty(host.Warnings());
        Assert.True(await host.GoesOutAsync());
        Assert.True(await host.ComesInAsync());
    }

    /// <summary>It lets translated packets through by itself, and rejects the rest unless the bridge is in a zone that accepts.</summary>
    [Fact]
    public async Task Firewalld_RejectsOutgoing_ZoneHelps()
    {
        await using var host = await FilteredHost.StartAsync();
        await host.LoadAsync(Shapes.Firewalld(""), "nft", "-f");

        var warning = Assert.Single(host.Warnings());
        Assert.StartsWith("firewalld drops what containers send out (filtered0)", warning, StringComparison.Ordinal);
        Assert.EndsWith(
            "firewall-cmd --permanent --zone=trusted --add-interface=filtered0 && firewall-cmd --reload",
            warning,
            StringComparison.Ordinal);
        Assert.False(await host.GoesOutAsync(isHoped: false));
        Assert.True(await host.ComesInAsync());

        await host.LoadAsync(Shapes.Firewalld("iifname \"filtered0\" jump filter_FWD_trusted"), "nft", "-f");

        Assert.Empty(host.Warnings());
        Assert.True(await host.GoesOutAsync());
        Assert.True(await host.ComesInAsync());
    }

    [Theory]
    [InlineData("iifname { \"filtered0\", \"br5\" } accept; oifname { \"filtered0\", \"br5\" } accept", true)]
    [InlineData("iifname \"filtered0\" accept; ct status dnat accept", true)]
    [InlineData("iifname \"filtered1\" accept; oifname \"filtered1\" accept", false)]
    [InlineData("iifname \"filtered0\" tcp dport 22 accept", false)]
    public async Task TableOfAnAdministrator_IsReadAsItIs(string rules, bool passes)
    {
        await using var host = await FilteredHost.StartAsync();
        await host.LoadAsync(Table(rules), "nft", "-f");

        Assert.Equal(passes, host.Warnings().Count == 0);
        Assert.Equal(passes, await host.GoesOutAsync(isHoped: passes));
        Assert.Equal(passes, await host.ComesInAsync(isHoped: passes));
    }

    /// <summary>Sets and maps, named or within a rule, hold what they hold.</summary>
    [Theory]
    [InlineData("iifname @friends accept; oifname @friends accept", "\"br5\", \"filtered0\"", true)]
    [InlineData("iifname @friends accept; oifname @friends accept", "\"br5\"", false)]
    [InlineData("iifname @friends accept; oifname @friends accept", "", false)]
    [InlineData("iifname { \"br5\" } accept; oifname { \"br5\" } accept", "", false)]
    [InlineData("iifname != @friends accept", "\"br5\"", true)]
    [InlineData("iifname vmap { \"filtered0\" : jump ours, \"up0\" : accept }", "", true)]
    [InlineData("iifname vmap { \"filtered0\" : drop }; accept", "", false)]
    [InlineData("ct state vmap { established : accept, new : drop }; accept", "", false)]
    [InlineData("iifname . oifname { \"filtered0\" . \"up0\", \"up0\" . \"filtered0\" } accept", "", true)]
    [InlineData("iifname . oifname { \"filtered0\" . \"eth9\" } accept", "", false)]
    [InlineData("ip saddr @blocked drop; iifname @friends accept; oifname @friends accept", "\"filtered0\"", true)]
    public async Task SetsOfAnAdministrator_AreReadAsTheyAre(string rules, string friends, bool passes)
    {
        await using var host = await FilteredHost.StartAsync();
        var elements = friends.Length == 0 ? "" : $"elements = {{ {friends} }}";
        await host.LoadAsync(Table(rules, elements), "nft", "-f");
        var goesOut = await host.GoesOutAsync(isHoped: passes);
        var comesIn = await host.ComesInAsync(isHoped: passes);

        Assert.Equal(passes, goesOut && comesIn);
        Assert.Equal(passes, host.Warnings().Count == 0);
    }

    /// <summary>The real program, in the host's namespace and with a bus of its own: what is told is run as it stands.</summary>
    [Fact]
    public async Task RealFirewalld_RejectsOutgoing_WhatIsToldHelps()
    {
        await using var host = await FilteredHost.StartAsync();
        await using var firewalld = await RealFirewalld.StartAsync(host);

        var warning = Assert.Single(host.Warnings());
        Assert.StartsWith("firewalld drops what containers send out (filtered0)", warning, StringComparison.Ordinal);
        Assert.False(await host.GoesOutAsync(isHoped: false));
        Assert.True(await host.ComesInAsync());

        await host.ObeyAsync(warning, firewalld.RunAsync);

        Assert.Empty(host.Warnings());
        Assert.True(await host.GoesOutAsync());
        Assert.True(await host.GoesOutAsync(isIpv6: true));
        Assert.True(await host.ComesInAsync());
        Assert.True(await host.ComesInAsync(isIpv6: true));
    }

    [Fact]
    public async Task Others_ChangeTheirRules_TheLogTells()
    {
        await using var host = await FilteredHost.StartAsync();
        Assert.Empty(host.Log.Entries);

        await host.RunAsync("iptables", "-P", "FORWARD", "DROP");
        await Eventually.HoldsAsync(() => host.Log.Entries.Any(IsTold), "the log tells what is dropped");

        await host.RunAsync("iptables", "-P", "FORWARD", "ACCEPT");
        await Eventually.HoldsAsync(
            () => host.Log.Entries.Any(entry => entry.Contains("traffic through now", StringComparison.Ordinal)),
            "the log tells that it passes");
    }

    private static bool IsTold(string entry) =>
        entry.StartsWith("Warning: iptables drops", StringComparison.Ordinal) && entry.Contains("-I FORWARD", StringComparison.Ordinal);

    private static string Table(string rules, string elements = "") => $$"""
        table inet company {
          set friends {
            type ifname
            {{elements}}
          }
          set blocked {
            type ipv4_addr
            flags interval
            elements = { 192.0.2.0/24, 203.0.113.7 }
          }
          chain ours {
            accept
          }
          chain forwarding {
            type filter hook forward priority 5; policy drop
            ct state established,related accept
            {{rules}}
          }
        }

        """;
}
