using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Docker.V1;
using Portal.Engine.Api.Calls;

namespace Portal.Agent.Services.Docker;

/// <summary>The answer to one request, on its way to the portal. Waits for the portal to take it: nothing piles up here.</summary>
internal sealed class DockerOutput(IServerStreamWriter<SendResponse> responses) : IDockerCaller
{
    private const int LargestPart = 64 * 1024;

    public Task BeginAsync(int status, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        var head = new DockerResponseHead { Status = status };
        head.Headers.AddRange(headers.Select(header => new DockerHeader { Name = header.Key, Value = header.Value }));
        return responses.WriteAsync(new SendResponse { Head = head }, cancellationToken);
    }

    public Task TakeAsync(CancellationToken cancellationToken) =>
        responses.WriteAsync(new SendResponse { Taken = new DockerTaken() }, cancellationToken);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        for (var rest = bytes; rest.Length > 0; rest = rest[Math.Min(rest.Length, LargestPart)..])
        {
            var part = ByteString.CopyFrom(rest.Span[..Math.Min(rest.Length, LargestPart)]);
            await responses.WriteAsync(new SendResponse { Data = part }, cancellationToken).ConfigureAwait(false);
        }
    }
}
