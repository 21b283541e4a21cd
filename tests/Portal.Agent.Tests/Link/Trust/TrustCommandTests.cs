using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Portal.Agent.Hosting;
using Portal.Agent.Link;
using Portal.Agent.Link.Trust;
using Portal.Contracts.Link;
using Portal.Testing;
using Portal.Testing.Processes;

namespace Portal.Agent.Tests.Link.Trust;

/// <summary>What people say on joining, and what the node keeps of it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The runner ends it by IAsyncLifetime.")]
public sealed class TrustCommandTests : IAsyncLifetime
{
    private readonly TestInstance _instance = new();
    private readonly Issuer _authority = Issuer.MakeRoot();
    private TlsPortal _portal = null!;

    private AgentPaths Paths => new(_instance.DataRoot, _instance.RunRoot);

    private AgentIdentity? Kept => new IdentityStore(Paths.Identity).Load();

    public async Task InitializeAsync() => _portal = await TlsPortal.StartAsync(_authority.Sign());

    public Task DisposeAsync() => Disposal.AllAsync(_portal, _instance);

    [Fact]
    public async Task Join_ByAFile_KeepsItsAuthoritiesWhateverBecomesOfTheFile()
    {
        var file = WriteAuthority();
        Assert.Equal((0, ""), await InvokeAsync("join", _portal.Url.ToString(), "--token", Token(null), "--ca", file));
        File.Delete(file);

        var address = Kept!.Address;
        Assert.Equal(_authority.Pem, Assert.IsType<AuthorityTrust>(address.Trust).Pem!.Trim());
        using var dialer = new PortalDialer(address);
        Assert.Equal(_portal.Id, await dialer.AskPortalAsync(default));
    }

    [Fact]
    public async Task Join_BySystem_TakesWhomTheHostTrusts()
    {
        var agent = Path.Combine(AppContext.BaseDirectory, "Portal.Agent.dll");
        string[] join = ["dotnet", agent, "join", _portal.Url.ToString(), "--token", Token(null), "--trust", "system"];
        string[] folders = ["--data", Paths.Data, "--run", Paths.Run];
        var refused = await Tool.TryRunAsync("env", [.. join, .. folders]);
        Assert.Contains("authorities that this host trusts", refused.Error, StringComparison.Ordinal);
        Assert.Null(Kept);
        Assert.Equal(0, _portal.Asked);

        await Tool.RunAsync("env", [$"SSL_CERT_FILE={WriteAuthority()}", $"SSL_CERT_DIR={_instance.TempPath("none")}", .. join, .. folders]);
        Assert.Same(AuthorityTrust.System, Kept!.Address.Trust);
        Assert.Equal("", Kept.Fingerprint);
    }

    [Fact]
    public async Task Join_TokenHasThePinOfAnother_DoesNotFallBackToAuthorities()
    {
        var (code, error) = await InvokeAsync("join", _portal.Url.ToString(), "--token", Token(new byte[32]));
        Assert.Equal(1, code);
        Assert.Contains("is not the one", error, StringComparison.Ordinal);
        Assert.Equal(0, _portal.Asked);
    }

    [Theory]
    [InlineData("not both", "--trust", "system", "--ca", "FILE")]
    [InlineData("not both", "--trust", "pin", "--ca", "FILE")]
    [InlineData("can't be read", "--ca", "/absent")]
    [InlineData("must be one of", "--trust", "anybody")]
    public async Task Join_OptionsThatDoNotGo_AreRefused(string reason, params string[] options)
    {
        var file = WriteAuthority();
        var (code, error) = await InvokeAsync(
            ["join", _portal.Url.ToString(), "--token", Token(null), .. options.Select(option => option == "FILE" ? file : option)]);
        Assert.Equal(1, code);
        Assert.Contains(reason, error, StringComparison.OrdinalIgnoreCase);
        Assert.Null(Kept);
    }

    [Fact]
    public async Task Trust_NodeThatPinned_GoesByAuthoritiesOnceThePortalPasses()
    {
        var pin = SHA256.HashData(_portal.Shown[0].RawData);
        Assert.Equal((0, ""), await InvokeAsync("join", _portal.Url.ToString(), "--token", Token(pin)));
        var pinned = Kept!;

        Assert.Equal(1, (await InvokeAsync("trust")).Code);
        Assert.Equal(1, (await InvokeAsync("trust", "--trust", "pin")).Code);
        Assert.Equal(1, (await InvokeAsync("trust", "--trust", "system")).Code);
        Assert.Equal(pinned, Kept);

        Assert.Equal((0, ""), await InvokeAsync("trust", "--ca", WriteAuthority()));
        Assert.IsType<AuthorityTrust>(Kept!.Address.Trust);
        Assert.Equal((pinned.NodeId, pinned.NodeName, ""), (Kept.NodeId, Kept.NodeName, Kept.Fingerprint));
    }

    [Fact]
    public void Addresses_WhatIsKeptDoesNotFit_IsRefused()
    {
        var identity = new AgentIdentity(Guid.NewGuid(), "node", "https://portal.example", new string('0', 64));
        var spoilt = new[]
        {
            identity with { Trust = "system" }, identity with { Trust = "anybody" }, identity with { Fingerprint = "" },
            identity with { Fingerprint = "", Trust = "authorities" }, identity with { Fingerprint = "", Authorities = _authority.Pem },
            identity with { Fingerprint = "", Trust = "authorities", Authorities = "nonsense" },
        };
        Assert.All(spoilt, one => Assert.Equal(LinkProblem.Refused, Assert.Throws<LinkException>(() => one.Addresses).Problem));
        Assert.IsType<PinnedTrust>(identity.Address.Trust);
    }

    private static string Token(byte[]? pin) => new JoinToken(Guid.NewGuid(), RandomNumberGenerator.GetBytes(32), pin).ToString();

    private string WriteAuthority()
    {
        var file = _instance.TempPath($"{Guid.NewGuid():N}.pem");
        File.WriteAllText(file, _authority.Pem);
        return file;
    }

    private async Task<(int Code, string Error)> InvokeAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await new AgentCommandLine(output, error).InvokeAsync([.. arguments, "--data", Paths.Data, "--run", Paths.Run]);
        return (code, error.ToString());
    }
}
