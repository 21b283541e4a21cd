using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Portal.Contracts.Link;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Storage;

namespace Portal.Agent.Services;

/// <summary>The one place where the engine's errors become gRPC's.</summary>
/// <remarks>Singleton; keeps no state.</remarks>
internal sealed partial class EngineErrorInterceptor(ILogger<EngineErrorInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Map(failure, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Map(failure, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Map(failure, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Map(failure, context);
        }
    }

    internal static StatusCode CodeOf(EngineErrorKind kind) => kind switch
    {
        EngineErrorKind.NotFound => StatusCode.NotFound,
        EngineErrorKind.AlreadyExists => StatusCode.AlreadyExists,
        EngineErrorKind.InvalidArgument => StatusCode.InvalidArgument,
        EngineErrorKind.Conflict => StatusCode.FailedPrecondition,
        EngineErrorKind.Unauthenticated => StatusCode.Unauthenticated,
        EngineErrorKind.Forbidden => StatusCode.PermissionDenied,
        EngineErrorKind.Unavailable => StatusCode.Unavailable,
        _ => StatusCode.Internal,
    };

    private RpcException Map(Exception failure, ServerCallContext context)
    {
        if (context.CancellationToken.IsCancellationRequested)
        {
            return new RpcException(new Status(StatusCode.Cancelled, "The call was cancelled."));
        }

        if (failure is EngineException engine)
        {
            if (engine.Kind == EngineErrorKind.Internal)
            {
                LogFailed(context.Method, failure);
            }

            return new RpcException(new Status(CodeOf(engine.Kind), engine.Message), TrailersOf(engine));
        }

        LogFailed(context.Method, failure);
        if (DiskErrors.IsFull(failure))
        {
            return new RpcException(new Status(StatusCode.Unavailable, DiskErrors.Advice));
        }

        return new RpcException(new Status(StatusCode.Internal, "The agent failed unexpectedly; its log says more."));
    }

    private static Metadata TrailersOf(EngineException failure)
    {
        var trailers = new Metadata();
        if (failure is ImageConflictException conflict)
        {
            trailers.Add(LinkProtocol.ImageConflictTrailer, ImageMapping.ToConflict(conflict).ToByteArray());
        }

        return trailers;
    }

    [LoggerMessage(3201, LogLevel.Error, "Call '{Method}' failed.")]
    private partial void LogFailed(string method, Exception failure);
}
