namespace Portal.Engine.Api.Tests.Cli.Create;

/// <summary>Addresses and names.</summary>
public sealed class AddressTests(EngineFixture engine) : CreateTestBase(engine)
{
    [Fact]
    public async Task Links_ToOthers_AreNamesInHosts()
    {
        await using var donor = await BoxAsync("--name", "link-donor", "--expose", "80", "-e", "COLOR=red");
        await using var taker = await BoxAsync("--name", "link-taker", "--link", "link-donor:db", "-e", "DB_ENV_COLOR=own");
        var address = await donor.InspectAsync("{{.NetworkSettings.IPAddress}}");

        Assert.StartsWith($"{address}\tdb ", await taker.ShellAsync("grep -w db /etc/hosts"));
        Assert.Equal(
            $"DB_ENV_COLOR=own\nDB_NAME=/link-taker/db\nDB_PORT=tcp://{address}:80",
            await taker.ShellAsync("env | grep -E '^DB_(ENV_COLOR|NAME|PORT)=' | sort"));
        Assert.Contains(
            $"DB_PORT_80_TCP_ADDR={address}", await taker.ShellAsync("tr '\\0' '\\n' < /proc/1/environ"), StringComparison.Ordinal);
        Assert.Equal("[/link-donor:/link-taker/db]", await taker.InspectAsync("{{.HostConfig.Links}}"));
        await Docker.GetAsync("restart", "--time", "0", "link-donor");
        var after = await donor.InspectAsync("{{.NetworkSettings.IPAddress}}");
        Assert.StartsWith($"{after}\tdb ", await taker.ShellAsync("grep -w db /etc/hosts"));
        Assert.Contains("could not get container for nobody", await RefusedAsync("--link", "nobody:x"));
        Assert.Contains("host type networking can't be used with links", await RefusedAsync("--net", "host", "--link", "link-donor:x"));
    }

    [Fact]
    public async Task Addresses_Asked_AreUsed()
    {
        await using var box = await BoxAsync(
            "--mac-address", "02:42:ac:11:00:99", "--add-host", "gate:host-gateway", "--add-host", "fixed:10.1.2.3", "--dns", "9.9.9.9",
            "--dns-search", "example.org", "--dns-option", "ndots:3", "--annotation", "org.example.a=b", "--stop-signal", "USR1",
            "--stop-timeout", "7");

        Assert.Equal("02:42:ac:11:00:99", await box.ShellAsync("cat /sys/class/net/eth0/address"));
        Assert.Equal("10.1.2.3", await box.ShellAsync("grep -w fixed /etc/hosts | cut -f 1"));
        Assert.Equal(await box.InspectAsync("{{.NetworkSettings.Gateway}}"), await box.ShellAsync("grep -w gate /etc/hosts | cut -f 1"));
        Assert.Equal("nameserver 9.9.9.9 search example.org options ndots:3",
            await box.ShellAsync("echo $(grep -v '^#' /etc/resolv.conf)"));
        Assert.Equal("b USR1 7",
            await box.InspectAsync("{{index .HostConfig.Annotations \"org.example.a\"}} {{.Config.StopSignal}} {{.Config.StopTimeout}}"));
    }
}
