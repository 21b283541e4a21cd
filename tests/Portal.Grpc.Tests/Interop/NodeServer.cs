using System.Diagnostics;
using System.Globalization;
using Grpc.Net.Client;
using Portal.Testing;

namespace Portal.Grpc.Tests.Interop;

/// <summary>A running server of the foreign peer, with a channel to it.</summary>
internal sealed class NodeServer : IAsyncDisposable
{
    private const string Announcement = "port ";

    private readonly Process _process;

    private NodeServer(Process process, int port)
    {
        _process = process;
        Channel = GrpcChannel.ForAddress(
            $"http://127.0.0.1:{port}", new GrpcChannelOptions { MaxReceiveMessageSize = null });
        Client = new Echo.V1.Echo.EchoClient(Channel);
    }

    public GrpcChannel Channel { get; }

    public Echo.V1.Echo.EchoClient Client { get; }

    public static async Task<NodeServer> WaitAsync(Process process)
    {
        using var limit = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(30)));
        var line = await process.StandardOutput.ReadLineAsync(limit.Token);
        if (line is null || !line.StartsWith(Announcement, StringComparison.Ordinal))
        {
            var errors = await process.StandardError.ReadToEndAsync(limit.Token);
            throw new InvalidOperationException($"The server of the peer did not start: {line} {errors}");
        }

        return new NodeServer(process, int.Parse(line.AsSpan(Announcement.Length), CultureInfo.InvariantCulture));
    }

    /// <summary>Ends the server without a goodbye to its clients.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TestSettings.Within(TimeSpan.FromSeconds(10)));
        await _process.WaitForExitAsync(limit.Token);
        _process.Dispose();
    }
}
