using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Portal.Engine.Api.Hosting;

/// <summary>
/// Binds the sockets of Docker's API. The mode and the group are set between bind(2) and listen(2): until then connections are refused, so nobody
/// gets in by the mode that the umask gave.
/// </summary>
internal sealed class DockerSockets : IPostConfigureOptions<SocketTransportOptions>
{
    private readonly ConcurrentDictionary<string, bool> _paths = new(StringComparer.Ordinal);

    public void Add(string path) => _paths[path] = true;

    public void PostConfigure(string? name, SocketTransportOptions options)
    {
        var bindOther = options.CreateBoundListenSocket;
        options.CreateBoundListenSocket = endPoint =>
            endPoint is UnixDomainSocketEndPoint && endPoint.ToString() is { } path && _paths.ContainsKey(path)
                ? Bind(path)
                : bindOther(endPoint);
    }

    private static Socket Bind(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        DockerSocketFile.RemoveStale(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            DockerSocketFile.Protect(path);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
