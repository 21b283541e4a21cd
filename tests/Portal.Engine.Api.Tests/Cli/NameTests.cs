namespace Portal.Engine.Api.Tests.Cli;

[Collection(EngineCollection.Name)]
public sealed class NameTests(EngineFixture engine) : IAsyncLifetime
{
    private readonly string _name = $"d{Guid.NewGuid():N}"[..12];

    private DockerCli Docker => engine.Docker;

    public async Task InitializeAsync() => await Docker.GetAsync("network", "create", _name);

    public async Task DisposeAsync()
    {
        await Docker.RunAsync("rm", "--force", _name, _name + "-2");
        await Docker.RunAsync("network", "rm", "--force", _name);
    }

    [Fact]
    public async Task LookUp_OnAUserNetwork_FindsNamesIdsAliasesAndAddresses()
    {
        var id = await StartAsync(_name);
        await StartAsync(_name + "-2");
        var address = await AddressAsync(_name);
        var second = await AddressAsync(_name + "-2");

        Assert.Contains(address, await LookUpAsync(_name));
        Assert.Contains(address, await LookUpAsync(id[..12]));
        Assert.Contains($"{_name}.{_name}", await LookUpAsync(address));
        var shared = await LookUpAsync("svc");
        Assert.Contains(address, shared);
        Assert.Contains(second, shared);
        await Docker.GetAsync("rm", "--force", _name + "-2");
        Assert.DoesNotContain(second, await LookUpAsync("svc"));
        var gateway = await Docker.GetAsync("network", "inspect", "--format", "{{range .IPAM.Config}}{{.Gateway}}{{end}}", _name);
        Assert.Contains($"nameserver {gateway}\n", await Docker.GetAsync("exec", _name, "cat", "/etc/resolv.conf") + "\n");
    }

    [Fact]
    public async Task ResolvConf_WithSettingsOfItsOwn_KeepsThemAndTheNeighboursNames()
    {
        await StartAsync(_name);

        var file = await Docker.GetAsync(
            "run", "--rm", "--network", _name, "--dns", "192.0.2.1", "--dns-search", "corp.example", "--dns-option", "timeout:1", "busybox",
            "sh", "-c", $"cat /etc/resolv.conf; nslookup {_name}.");

        Assert.DoesNotContain("nameserver 192.0.2.1", file);
        Assert.Contains("search corp.example\noptions timeout:1 ndots:0", file);
        Assert.Contains($"Name:\t{_name}", file);
    }

    private Task<string> StartAsync(string name)
    {
        return Docker.GetAsync("run", "--detach", "--name", name, "--network", _name, "--network-alias", "svc", "busybox", "sleep", "1000");
    }

    private async Task<string> LookUpAsync(string name)
    {
        var result = await Docker.RunAsync("exec", _name, "nslookup", name);
        return result.Output + result.Error;
    }

    private Task<string> AddressAsync(string name)
    {
        return Docker.GetAsync("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", name);
    }
}
