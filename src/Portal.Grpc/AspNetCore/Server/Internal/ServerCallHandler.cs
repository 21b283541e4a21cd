using Grpc.AspNetCore.Server.Messages;
using Grpc.Core;
using Grpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>
/// Runs the calls of one method: admits the request, runs the handler, and always ends with exactly one status.
/// </summary>
internal sealed partial class ServerCallHandler(
    IMethod method,
    MethodOptions options,
    Func<HttpContextServerCallContext, Task> run,
    ILogger logger,
    TimeProvider timeProvider)
{
    public async Task HandleAsync(HttpContext http)
    {
        if (!CallGate.TryAccept(http))
        {
            return;
        }

        LiftHttpLimits(http);
        using var call = new HttpContextServerCallContext(http, method, options, timeProvider);
        try
        {
            call.Start();
            await run(call).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            call.Status = ToStatus(call, exception);
        }

        End(call);
    }

    /// <summary>HTTP's limits of body size and rate are for forms; gRPC has its own, and streams may be silent.</summary>
    private static void LiftHttpLimits(HttpContext http)
    {
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }
    }

    private Status ToStatus(HttpContextServerCallContext call, Exception exception)
    {
        switch (exception)
        {
            case RpcException rpc:
                LogEndedByException(call.Method, rpc.StatusCode, rpc);
                foreach (var entry in rpc.Trailers)
                {
                    call.ResponseTrailers.Add(entry);
                }

                return rpc.Status;
            case CallEndedException:
                return call.CancelledStatus;
            case OperationCanceledException or IOException when call.CancellationToken.IsCancellationRequested:
                return call.CancelledStatus;
            default:
                LogFailed(call.Method, exception);
                var detail = "Exception was thrown by handler.";
                return new Status(
                    StatusCode.Unknown,
                    options.DetailedErrors ? $"{detail} {exception.GetType().Name}: {exception.Message}" : detail);
        }
    }

    private void End(HttpContextServerCallContext call)
    {
        if (call.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (call.Writer.Corrupted)
        {
            // A frame was announced but not filled: nothing sensible can follow it on this stream.
            call.HttpContext.Features.Get<IHttpResetFeature>()?.Reset(errorCode: (int)Http2Errors.InternalError);
            return;
        }

        try
        {
            call.WriteStatus();
        }
        catch (RpcException exception)
        {
            LogFailed(call.Method, exception);
            call.ResponseTrailers.Clear();
            call.Status = exception.Status;
            call.WriteStatus();
        }
    }

    [LoggerMessage(1, LogLevel.Error, "The handler of '{Method}' failed.")]
    private partial void LogFailed(string method, Exception exception);

    [LoggerMessage(2, LogLevel.Debug, "The call of '{Method}' ends with {Code}.")]
    private partial void LogEndedByException(string method, StatusCode code, Exception exception);
}
