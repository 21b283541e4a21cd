using Google.Protobuf;
using Grpc.Core;
using Portal.Grpc.Tests.Echo.V1;

namespace Portal.Grpc.Tests.Hosting;

/// <summary>The service behind most tests; echo.proto says what its methods do.</summary>
internal sealed class EchoService(CancellationLog cancellations) : Echo.V1.Echo.EchoBase
{
    public override Task<EchoResponse> Unary(EchoRequest request, ServerCallContext context)
    {
        foreach (var entry in context.RequestHeaders)
        {
            if (entry.Key.StartsWith("echo-", StringComparison.Ordinal))
            {
                context.ResponseTrailers.Add(entry);
            }
        }

        return Task.FromResult(Answer(request));
    }

    public override async Task<EchoResponse> Collect(
        IAsyncStreamReader<EchoRequest> requestStream,
        ServerCallContext context)
    {
        var texts = new List<string>();
        var length = 0L;
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            texts.Add(request.Text);
            length += request.Payload.Length;
        }

        return new EchoResponse { Text = string.Join(',', texts), Number = length };
    }

    public override async Task Repeat(
        EchoRequest request,
        IServerStreamWriter<EchoResponse> responseStream,
        ServerCallContext context)
    {
        for (var i = 0; i < request.Count; i++)
        {
            var response = Answer(request);
            response.Number = i;
            await responseStream.WriteAsync(response);
        }
    }

    public override async Task Chat(
        IAsyncStreamReader<EchoRequest> requestStream,
        IServerStreamWriter<EchoResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(Answer(request), context.CancellationToken);
        }
    }

    public override async Task<EchoResponse> Fail(FailRequest request, ServerCallContext context)
    {
        if (request.AfterHeaders)
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "early", "yes" } });
        }

        context.ResponseTrailers.Add("reason", "asked for");
        context.ResponseTrailers.Add("grpc-status-details-bin", [8, 5, 18, 2, 104, 105]);
        throw new RpcException(
            new Status((StatusCode)request.Code, request.Detail),
            new Metadata { { "thrown-bin", [0, 255, 10] } });
    }

    public override async Task<EchoResponse> Wait(WaitRequest request, ServerCallContext context)
    {
        await WaitForEndAsync(request.Id, context);
        return new EchoResponse();
    }

    public override async Task WaitStream(
        WaitRequest request,
        IServerStreamWriter<EchoResponse> responseStream,
        ServerCallContext context)
    {
        await responseStream.WriteAsync(new EchoResponse { Text = request.Id });
        await WaitForEndAsync(request.Id, context);
    }

    public override Task<EchoResponse> Cancelled(WaitRequest request, ServerCallContext context) =>
        Task.FromResult(new EchoResponse { Number = cancellations.Count(request.Id) });

    private static EchoResponse Answer(EchoRequest request) =>
        new() { Text = request.Text, Payload = request.Payload ?? ByteString.Empty };

    private async Task WaitForEndAsync(string id, ServerCallContext context)
    {
        cancellations.Begin(id);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, context.CancellationToken);
        }
        finally
        {
            cancellations.Add(id);
        }
    }
}
