using System.Collections.Concurrent;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Builds.V1;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Docker.V1;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Volumes.V1;
using Portal.Web.Access;
using Portal.Web.Nodes;

namespace Portal.Web.Tests.Features.Jobs;

/// <summary>Nodes that do what jobs ask for, and note it.</summary>
internal sealed class JobNodes : INodeClients
{
    private readonly ConcurrentQueue<(Guid Node, string Actor, IMessage Request, string[] Permissions)> _requests = new();

    /// <summary>What each restart waits for.</summary>
    public ConcurrentDictionary<string, TaskCompletionSource> Held { get; } = new();

    public IEnumerable<(string Actor, T Request, string[] Permissions)> Asked<T>(Guid node)
        where T : IMessage => _requests.Where(item => item.Node == node && item.Request is T)
            .Select(item => (item.Actor, (T)item.Request, item.Permissions));

    public CallInvoker For(Guid nodeId, Actor actor, params string[] permissions) => new Invoker(this, nodeId, actor.UserName, permissions);

    private async Task<object> AnswerAsync(IMessage request)
    {
        switch (request)
        {
            case RestartContainerRequest restart:
                if (Held.TryGetValue(restart.Container, out var held))
                {
                    await held.Task;
                }

                return restart.Container == "gone"
                    ? throw new RpcException(new Status(StatusCode.NotFound, "no such container: gone"))
                    : new RestartContainerResponse();
            case PruneImagesRequest:
                return new PruneImagesResponse { Images = 2, Bytes = 2048 };
            case PruneCacheRequest:
                return new PruneCacheResponse { Ids = { "a" }, Bytes = 1024 };
            default:
                throw new RpcException(new Status(StatusCode.Unimplemented, request.GetType().Name));
        }
    }

    private static IEnumerable<IMessage> StreamOf(IMessage request) => request switch
    {
        BackupVolumeRequest =>
        [
            new BackupVolumeResponse { Data = ByteString.CopyFromUtf8("arch") },
            new BackupVolumeResponse { Data = ByteString.CopyFromUtf8("ive") },
            new BackupVolumeResponse { Summary = new BackupSummary { Entries = 3, Bytes = 10, ArchiveBytes = 7 } },
        ],
        OpenConsoleRequest { Open: { } open } =>
        [
            new OpenConsoleResponse { Opened = new ConsoleOpened { Command = { open.Command } } },
            new OpenConsoleResponse { Output = ByteString.CopyFromUtf8("\e[1mhello\e[0m\r\n") },
            new OpenConsoleResponse { Exited = new ConsoleExited { ExitCode = open.Command[0] == "false" ? 1 : 0 } },
        ],
        SendRequest { Head: not null } =>
        [
            new SendResponse { Head = new DockerResponseHead { Status = 200 } },
            new SendResponse { Data = ByteString.CopyFromUtf8("""{"ContainersDeleted":["a","b"],"SpaceReclaimed":4096}""") },
        ],
        RestoreVolumeRequest => [new RestoreVolumeResponse { Summary = new RestoreSummary { Entries = 3, Bytes = 10 } }],
        _ => throw new RpcException(new Status(StatusCode.Unimplemented, request.GetType().Name)),
    };

    private sealed class Invoker(JobNodes nodes, Guid node, string actor, string[] permissions) : CallInvoker
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        {
            Note((IMessage)request);
            return new(AsAsync(), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });

            async Task<TResponse> AsAsync() => (TResponse)await nodes.AnswerAsync((IMessage)request);
        }

        public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
        {
            Note((IMessage)request);
            var first = new TaskCompletionSource<IMessage>();
            first.SetResult((IMessage)request);
            return new(
                new Answers<TResponse>(first.Task), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        }

        public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options)
        {
            var first = new TaskCompletionSource<IMessage>();
            IMessage? last = null;
            return new(
                new First<TRequest>(message =>
                {
                    Note(message);

                    // A restore is answered when all of the archive has come.
                    last = message;
                    if (message is not RestoreVolumeRequest)
                    {
                        first.TrySetResult(message);
                    }
                }, () => first.TrySetResult(last!)),
                new Answers<TResponse>(first.Task), Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
        }

        public override TResponse BlockingUnaryCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

        public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
            Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

        private void Note(IMessage request) => nodes._requests.Enqueue((node, actor, request, permissions));
    }

    private sealed class First<T>(Action<IMessage> take, Action complete) : IClientStreamWriter<T>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(T message)
        {
            take((IMessage)message!);
            return Task.CompletedTask;
        }

        public Task WriteAsync(T message, CancellationToken cancellationToken) => WriteAsync(message);

        public Task CompleteAsync()
        {
            complete();
            return Task.CompletedTask;
        }
    }

    private sealed class Answers<T>(Task<IMessage> first) : IAsyncStreamReader<T>
    {
        private Queue<IMessage>? _left;

        public T Current { get; private set; } = default!;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            _left ??= new Queue<IMessage>(StreamOf(await first.WaitAsync(cancellationToken)));
            if (!_left.TryDequeue(out var next))
            {
                return false;
            }

            Current = (T)next;
            return true;
        }
    }
}
