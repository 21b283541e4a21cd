using Portal.Testing;
using Portal.Testing.Images;
using Portal.Testing.Scripts;

namespace Portal.Peers.Tests;

/// <summary>The scripts that our engine passes, against Debian's dockerd: what they expect is what Docker does.</summary>
public sealed class CommandTests : IAsyncLifetime
{
    private readonly TestInstance _folders = new();
    private DockerPeer? _docker;

    public static TheoryData<string> Scripts => [.. CommandScripts.Names];

    public async Task InitializeAsync()
    {
        _docker = await DockerPeer.StartAsync(withNetworks: true);
        await _docker.RunAsync("load", "--input", await BusyboxImages.WriteDockerArchiveAsync(_folders.TempPath("busybox.tar")));
    }

    public async Task DisposeAsync() => await Disposal.AllAsync(_docker, _folders);

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Script_OfCommands_GivesWhatIsExpectedOfOurs(string script)
    {
        var differences = await _docker!.Scripts.RunAsync(script);

        Assert.True(differences.Length == 0, differences);
    }
}
