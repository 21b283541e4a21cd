namespace Portal.Engine.Linux.Tests.Networks.Others;

/// <summary>Beside filters that drop what containers ask the host's name server: what the engine says, and what packets do.</summary>
public sealed class NameQueryFilterTests
{
    [Theory]
    [InlineData("iptables")]
    [InlineData("iptables-legacy")]
    public async Task PolicyOfInput_Drops_WhatIsToldHelps(string program)
    {
        await using var host = await FilteredHost.StartAsync();
        host.HaveItAsked();
        Assert.Empty(host.Warnings());
        Assert.True(await host.IsAnsweredAsync());
        await host.RunAsync(program, "-A", "INPUT", "-i", "lo", "-j", "ACCEPT");
        await host.RunAsync(program, "-A", "INPUT", "-p", "tcp", "--dport", "22", "-j", "ACCEPT");
        await host.RunAsync(program, "-A", "INPUT", "-p", "udp", "-m", "multiport", "--dports", "67,5000:6000", "-j", "ACCEPT");
        await host.RunAsync(program, "-A", "INPUT", "-m", "conntrack", "--ctstate", "RELATED,ESTABLISHED", "-j", "ACCEPT");
        await host.RunAsync(program, "-P", "INPUT", "DROP");

        var warning = Assert.Single(host.Warnings());
        Assert.StartsWith(
            $"{program} drops what containers ask the host's name server, port 53 (filtered0)", warning, StringComparison.Ordinal);
        Assert.EndsWith(
            $"{program} -I INPUT -i filtered+ -p udp --dport 53 -j ACCEPT && {program} -I INPUT -i filtered+ -p tcp --dport 53 -j ACCEPT",
            warning,
            StringComparison.Ordinal);
        Assert.False(await host.IsAnsweredAsync(isHoped: false));

        await host.ObeyAsync(warning);

        Assert.Empty(host.Warnings());
        Assert.True(await host.IsAnsweredAsync());
    }

    /// <summary>Debian's ufw itself, enabled as it comes, in namespaces of its own; what is told is run as it stands.</summary>
    [Fact]
    public async Task Ufw_Enabled_WhatIsToldHelps()
    {
        await using var host = await FilteredHost.StartAsync();
        host.HaveItAsked();
        using var ufw = await RealUfw.EnableAsync(host);

        var warnings = host.Warnings();

        // Forwarded packets of both families, and queries.
        Assert.Equal(3, warnings.Count);
        Assert.All(warnings, warning => Assert.StartsWith("ufw drops", warning, StringComparison.Ordinal));
        Assert.EndsWith("Let it through: ufw allow in on filtered0 to any port 53", warnings[2], StringComparison.Ordinal);
        Assert.False(await host.IsAnsweredAsync(isHoped: false));
        Assert.False(await host.GoesOutAsync(isHoped: false));
        Assert.False(await host.ComesInAsync(isHoped: false));

        foreach (var warning in warnings)
        {
            await host.ObeyAsync(warning, ufw.RunAsync);
        }

        Assert.Empty(host.Warnings());
        Assert.True(await host.IsAnsweredAsync());
        Assert.True(await host.GoesOutAsync());
        Assert.True(await host.ComesInAsync());
    }

    [Theory]
    [InlineData("udp dport 53 accept", true)]
    [InlineData("udp dport { 53, 67 } accept", true)]
    [InlineData("meta l4proto { tcp, udp } th dport 53 accept", true)]
    [InlineData("iifname \"filtered*\" accept", true)]
    [InlineData("ip saddr 10.9.0.0/16 accept", true)]
    [InlineData("ip saddr 10.8.0.0/16 accept", false)]
    [InlineData("udp dport 5353 accept", false)]
    [InlineData("tcp dport { 22, 53 } accept", false)]
    [InlineData("meta l4proto { icmp, ipv6-icmp } accept", false)]
    [InlineData("iifname \"lo\" accept; ct state invalid drop", false)]
    [InlineData("udp dport 53 drop; iifname \"filtered0\" accept", false)]
    public async Task TableOfAnAdministrator_IsReadAsItIs(string rules, bool passes)
    {
        await using var host = await FilteredHost.StartAsync();
        host.HaveItAsked();
        await host.LoadAsync(Table(rules), "nft", "-f");

        Assert.Equal(passes, host.Warnings().Count == 0);
        Assert.Equal(passes, await host.IsAnsweredAsync(isHoped: passes));
    }

    [Fact]
    public async Task Input_DropsButNobodyAsks_NothingIsTold()
    {
        await using var host = await FilteredHost.StartAsync();
        await host.LoadAsync(Table(""), "nft", "-f");

        Assert.Empty(host.Warnings());
    }

    private static string Table(string rules) => $$"""
        table inet company {
          chain incoming {
            type filter hook input priority 0; policy drop
            ct state established,related accept
            {{rules}}
          }
        }

        """;
}
