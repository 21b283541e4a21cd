using Portal.Testing;

namespace Portal.Peers.Tests;

/// <summary>Debian's <c>podman</c> on folders of its own; it has no daemon.</summary>
internal sealed class PodmanPeer : Peer
{
    private readonly TestInstance _folders = new();

    protected override IReadOnlyList<string> Command =>
        ["podman", "--root", _folders.DataRoot, "--runroot", Path.Combine(_folders.RunRoot, "r"), "--events-backend", "file"];

    public override async ValueTask DisposeAsync()
    {
        try
        {
            await RunAsync("rmi", "-af");
        }
        finally
        {
            await _folders.DisposeAsync();
        }
    }
}
