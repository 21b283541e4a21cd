using System.IO.Pipelines;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Docker.V1;
using Portal.Contracts.Permissions.Docker;
using Portal.Web.Features.Docker.Connections;

namespace Portal.Web.Features.Docker;

/// <summary>
/// One request on its way to a node and its answer on the way back, both as they come. Neither side is read faster than the other takes:
/// HTTP/2's flow control holds whoever is too fast up.
/// </summary>
internal sealed class DockerExchange(
    CallInvoker invoker, HttpContext context, TakeableConnection? connection, CancellationTokenSource ending) : IDisposable
{
    private const int LargestPart = 64 * 1024;

    // What is about one connection, or is the portal's to say.
    private static readonly string[] s_ownHeaders = ["Connection", "Transfer-Encoding", "Date", "Server", "Keep-Alive", "Upgrade"];

    private readonly AsyncDuplexStreamingCall<SendRequest, SendResponse> _call =
        new DockerService.DockerServiceClient(invoker).Send(cancellationToken: ending.Token);

    /// <returns>Why the node did not do it, or null when it did.</returns>
    /// <exception cref="RpcException">The node did not get it, or refused it.</exception>
    /// <exception cref="IOException">The client has gone.</exception>
    public async Task<string?> RunAsync(DockerRequestHead head, DockerBody body)
    {
        await _call.RequestStream.WriteAsync(new SendRequest { Head = head }, ending.Token);
        var upload = body switch
        {
            DockerBody.Stream => SendAsync(context.Request.BodyReader),
            DockerBody.Checked => _call.RequestStream.CompleteAsync(),

            // What follows belongs to the connection, once it is taken.
            _ => Task.CompletedTask,
        };
        try
        {
            return await AnswerAsync(body);
        }
        finally
        {
            // An answer may come before the whole request has; then nobody wants the rest.
            await ending.CancelAsync();
            await upload.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose() => _call.Dispose();

    private async Task<string?> AnswerAsync(DockerBody body)
    {
        var parts = _call.ResponseStream;
        if (!await parts.MoveNext(ending.Token))
        {
            throw new RpcException(new Status(StatusCode.Internal, "The node gave no answer."));
        }

        switch (parts.Current.PartCase)
        {
            case SendResponse.PartOneofCase.Taken when body == DockerBody.Hijack && connection is not null:
                await RelayAsync(connection.Take());
                return null;
            case SendResponse.PartOneofCase.Head:
                return await PassAsync(parts.Current.Head, body);
            default:
                throw new RpcException(new Status(StatusCode.Internal, "The node's answer has no head."));
        }
    }

    private async Task<string?> PassAsync(DockerResponseHead head, DockerBody body)
    {
        if (body == DockerBody.Hijack)
        {
            connection?.Release();
        }

        var response = context.Response;
        response.StatusCode = head.Status;
        foreach (var header in head.Headers.Where(header => !s_ownHeaders.Contains(header.Name, StringComparer.OrdinalIgnoreCase)))
        {
            response.Headers[header.Name] = header.Value;
        }

        // At once: a client that waits for a container wants to know that it is heard before it starts it.
        await response.Body.FlushAsync(ending.Token);
        while (await _call.ResponseStream.MoveNext(ending.Token))
        {
            await response.BodyWriter.WriteAsync(_call.ResponseStream.Current.Data.Memory, ending.Token);
        }

        return head.Status < 400 ? null : $"the node answered {head.Status}";
    }

    private async Task RelayAsync(IDuplexPipe client)
    {
        var input = SendAsync(client.Input);
        try
        {
            while (await _call.ResponseStream.MoveNext(ending.Token))
            {
                var flushed = await client.Output.WriteAsync(_call.ResponseStream.Current.Data.Memory, ending.Token);
                if (flushed.IsCompleted)
                {
                    return;
                }
            }
        }
        finally
        {
            await ending.CancelAsync();
            await input.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await client.Output.CompleteAsync();
            await client.Input.CompleteAsync();
        }
    }

    // To its end, which is told to the node: of a connection that was taken it is the end of one side alone.
    private async Task SendAsync(PipeReader reader)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ending.Token);
            foreach (var segment in read.Buffer)
            {
                for (var rest = segment; rest.Length > 0; rest = rest[Math.Min(rest.Length, LargestPart)..])
                {
                    var part = ByteString.CopyFrom(rest.Span[..Math.Min(rest.Length, LargestPart)]);
                    await _call.RequestStream.WriteAsync(new SendRequest { Data = part }, ending.Token);
                }
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                await _call.RequestStream.CompleteAsync();
                return;
            }
        }
    }
}
