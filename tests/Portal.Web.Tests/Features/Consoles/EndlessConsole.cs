using Grpc.Core;
using Portal.Contracts.Consoles.V1;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Consoles;

/// <summary>A node whose consoles open and then say nothing until they are cancelled.</summary>
internal sealed class EndlessConsole : CallInvoker, INodeClients
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the program in the container would be ended.</summary>
    public Task Ended => _ended.Task;

    public CallInvoker For(Guid nodeId, Actor actor, params string[] permissions) => this;

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        options.CancellationToken.Register(_ended.SetResult);
        var opened = new OpenConsoleResponse { Opened = new ConsoleOpened { Command = { "sh" } } };
        return new AsyncDuplexStreamingCall<TRequest, TResponse>(
            new Deaf<TRequest>(), new Once<TResponse>((TResponse)(object)opened), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    private sealed class Deaf<T> : IClientStreamWriter<T>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(T message) => Task.CompletedTask;

        public Task WriteAsync(T message, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task CompleteAsync() => Task.CompletedTask;
    }

    private sealed class Once<T>(T only) : IAsyncStreamReader<T>
    {
        private bool _given;

        public T Current => only;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (_given)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return _given = true;
        }
    }
}
