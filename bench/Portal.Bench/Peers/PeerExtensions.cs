using Portal.Testing.Processes;

namespace Portal.Bench.Peers;

internal static class PeerExtensions
{
    /// <summary>Runs one of its commands to its end and gives its output; fails when it fails.</summary>
    public static Task<string> RunAsync(this IPeer peer, params string[] arguments) =>
        Tool.RunAsync(peer.Command[0], [.. peer.Command.Skip(1), .. arguments]);
}
