using System.Text;
using System.Text.Json;
using Grpc.Core;
using Portal.Contracts.Docker.V1;

namespace Portal.Web.Features.NodeCalls;

/// <summary>Docker's API of a node for what the portal's own services do not say.</summary>
internal static class DockerCalls
{
    private const string Version = "/v1.47";
    private const int LargestAnswer = 16 * 1024 * 1024;

    /// <summary>Sends a request without a body.</summary>
    /// <returns>The answer's body.</returns>
    /// <exception cref="RpcException">The node said no, in its words, or was not reached.</exception>
    public static async Task<byte[]> SendAsync(
        CallInvoker invoker, string method, string path, string query, CancellationToken cancellationToken)
    {
        using var exchange = new DockerService.DockerServiceClient(invoker).Send(cancellationToken: cancellationToken);
        var head = new DockerRequestHead { Method = method, Path = Version + path, Query = query };
        await exchange.RequestStream.WriteAsync(new SendRequest { Head = head }, cancellationToken);
        await exchange.RequestStream.CompleteAsync();
        var parts = exchange.ResponseStream;
        if (!await parts.MoveNext(cancellationToken) || parts.Current.Head is not { } answer)
        {
            throw new RpcException(new Status(StatusCode.Internal, N("The node gave no answer. Try again.")));
        }

        using var bytes = new MemoryStream();
        while (await parts.MoveNext(cancellationToken))
        {
            bytes.Write(parts.Current.Data.Span);
            if (bytes.Length > LargestAnswer)
            {
                throw new RpcException(
                    new Status(StatusCode.ResourceExhausted, E("The node's answer is larger than {0} MiB.", LargestAnswer >> 20)));
            }
        }

        return answer.Status is >= 200 and < 300
            ? bytes.ToArray()
            : throw new RpcException(new Status(StatusCode.FailedPrecondition, Message(bytes.ToArray())));
    }

    private static string Message(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement.GetProperty("message").GetString() ?? "";
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Encoding.UTF8.GetString(answer.AsSpan(0, Math.Min(answer.Length, 1024)));
        }
    }
}
