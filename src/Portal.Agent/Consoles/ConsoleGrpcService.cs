using Google.Protobuf;
using Grpc.Core;
using Portal.Agent.Services;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Link;
using Portal.Contracts.Permissions;
using Portal.Engine.Errors;

namespace Portal.Agent.Consoles;

internal sealed partial class ConsoleGrpcService(ConsoleSessions sessions, ConsoleRecordings recordings, ShellFinder shells)
    : ConsoleService.ConsoleServiceBase
{
    private const int LargestInput = 64 * 1024;

    public override Task OpenConsole(
        IAsyncStreamReader<OpenConsoleRequest> requestStream,
        IServerStreamWriter<OpenConsoleResponse> responseStream,
        ServerCallContext context) => OpenAsync(requestStream, responseStream, onNode: false, context);

    public override Task OpenNodeShell(
        IAsyncStreamReader<OpenConsoleRequest> requestStream,
        IServerStreamWriter<OpenConsoleResponse> responseStream,
        ServerCallContext context) => OpenAsync(requestStream, responseStream, onNode: true, context);

    public override Task<ListConsolesResponse> ListConsoles(ListConsolesRequest request, ServerCallContext context)
    {
        var actor = ActorOf(context);
        var (all, shared) = (Asserts(context, PermissionNames.ConsolesView), Asserts(context, PermissionNames.ConsolesShare));
        var response = new ListConsolesResponse();
        response.Consoles.AddRange(sessions.List().Where(console =>
            (request.Container.Length == 0 || console.Container == request.Container)
            && (all || console.OwnerId == actor || (shared && console.Sharing != ConsoleSharing.None))));
        return Task.FromResult(response);
    }

    public override async Task<EndConsoleResponse> EndConsole(EndConsoleRequest request, ServerCallContext context)
    {
        var session = sessions.Get(request.Console);
        if (session.Description.OwnerId != ActorOf(context))
        {
            PermissionInterceptor.CheckAll(context, [PermissionNames.ConsolesEnd]);
        }

        await session.EndAsync(new ConsoleExited { End = ConsoleEnd.Person, EndedBy = request.Person }).ConfigureAwait(false);
        await session.Ended.WaitAsync(context.CancellationToken).ConfigureAwait(false);
        return new EndConsoleResponse { Console = session.Describe() };
    }

    public override Task<UpdateConsoleResponse> UpdateConsole(UpdateConsoleRequest request, ServerCallContext context)
    {
        var session = sessions.Get(request.Console);
        if (session.Description.OwnerId != ActorOf(context))
        {
            throw new EngineException(EngineErrorKind.Forbidden, "Only whoever opened a console may rename or share it.");
        }

        if (request.Sharing != ConsoleSharing.None)
        {
            PermissionInterceptor.CheckAll(context, [PermissionNames.ConsolesShare]);
        }

        session.Update(request.Name, request.Sharing);
        sessions.Remember();
        return Task.FromResult(new UpdateConsoleResponse { Console = session.Describe() });
    }

    public override async Task<ListShellsResponse> ListShells(ListShellsRequest request, ServerCallContext context)
    {
        var response = new ListShellsResponse();
        response.Shells.AddRange(await shells.FindAsync(request.Container, context.CancellationToken).ConfigureAwait(false));
        return response;
    }

    public override Task<ListRecordingsResponse> ListRecordings(ListRecordingsRequest request, ServerCallContext context)
    {
        var response = new ListRecordingsResponse();
        response.Recordings.AddRange(recordings.List());
        return Task.FromResult(response);
    }

    public override async Task ReadRecording(
        ReadRecordingRequest request, IServerStreamWriter<ReadRecordingResponse> responseStream, ServerCallContext context)
    {
        foreach (var piece in recordings.Read(request.Id, request.Position))
        {
            var response = new ReadRecordingResponse { Data = ByteString.CopyFrom(piece.Span) };
            await responseStream.WriteAsync(response, context.CancellationToken).ConfigureAwait(false);
        }
    }

    public override Task<RemoveRecordingResponse> RemoveRecording(RemoveRecordingRequest request, ServerCallContext context)
    {
        recordings.Remove(request.Id);
        return Task.FromResult(new RemoveRecordingResponse());
    }

    private async Task OpenAsync(
        IAsyncStreamReader<OpenConsoleRequest> requests,
        IServerStreamWriter<OpenConsoleResponse> responses,
        bool onNode,
        ServerCallContext context)
    {
        var cancellationToken = context.CancellationToken;
        if (!await requests.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            throw NotBegun();
        }

        var first = requests.Current;
        var actor = ActorOf(context);
        ConsoleSession session;
        ConsoleAudience viewer;
        switch (first.EventCase)
        {
            case OpenConsoleRequest.EventOneofCase.Open:
                CheckKind(first.Open.Kind, onNode);
                session = await sessions.StartAsync(first.Open, actor, cancellationToken).ConfigureAwait(false);
                viewer = session.Enter(actor, first.Open.Person, watch: false, position: 0);
                break;
            case OpenConsoleRequest.EventOneofCase.Join when sessions.FindLost(first.Join.Console) is { } lost:
                Mine(lost, actor);
                await responses.WriteAsync(new OpenConsoleResponse { Exited = lost.Exited }, cancellationToken).ConfigureAwait(false);
                return;
            case OpenConsoleRequest.EventOneofCase.Join:
                session = sessions.Get(first.Join.Console);
                CheckKind(session.Description.Kind, onNode);
                if (session.Description.OwnerId != actor)
                {
                    PermissionInterceptor.CheckAll(context, [PermissionNames.ConsolesShare]);
                }

                viewer = session.Enter(actor, first.Join.Person, first.Join.Watch, first.Join.Position);
                break;
            default:
                throw NotBegun();
        }

        try
        {
            if (first.Join?.Size is { } size && viewer.MayType)
            {
                await session.ResizeAsync(ConsoleSessions.SizeOf(size), cancellationToken).ConfigureAwait(false);
            }

            await ServeAsync(session, viewer, requests, responses, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            session.Leave(viewer);
        }
    }

    private static async Task ServeAsync(
        ConsoleSession session,
        ConsoleAudience viewer,
        IAsyncStreamReader<OpenConsoleRequest> requests,
        IServerStreamWriter<OpenConsoleResponse> responses,
        CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var input = ReadAsync(session, viewer, requests, ending.Token);
        var output = session.ShowAsync(viewer, responses, ending.Token);
        var first = await Task.WhenAny(input, output).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(input, output).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Whichever ended the call tells how it ended; the other was cancelled for it.
        await first.ConfigureAwait(false);
    }

    private static async Task ReadAsync(
        ConsoleSession session,
        ConsoleAudience viewer,
        IAsyncStreamReader<OpenConsoleRequest> requests,
        CancellationToken cancellationToken)
    {
        while (await requests.MoveNext(cancellationToken).ConfigureAwait(false))
        {
            var request = requests.Current;
            if (!viewer.MayType && request.EventCase is OpenConsoleRequest.EventOneofCase.Input or OpenConsoleRequest.EventOneofCase.Resize)
            {
                // Typed before the page heard that it may not any more.
                continue;
            }

            switch (request.EventCase)
            {
                case OpenConsoleRequest.EventOneofCase.Input when request.Input.Length <= LargestInput:
                    await session.WriteAsync(request.Input.Memory, cancellationToken).ConfigureAwait(false);
                    break;
                case OpenConsoleRequest.EventOneofCase.Resize:
                    await session.ResizeAsync(ConsoleSessions.SizeOf(request.Resize), cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw EngineException.InvalidArgument(
                        $"A console that is open takes 'resize', and 'input' of at most {LargestInput} bytes.");
            }
        }
    }

    private static void Mine(ConsoleInfo console, string actor)
    {
        if (console.OwnerId != actor)
        {
            throw new EngineException(EngineErrorKind.Forbidden, "This console is not shared.");
        }
    }

    // Each kind has a method with a permission of its own: neither opens what the other is for.
    private static void CheckKind(ConsoleKind kind, bool onNode)
    {
        if (kind == ConsoleKind.Node != onNode)
        {
            throw EngineException.InvalidArgument(
                onNode ? "This is a console in a container, not a shell on the node." : "This is a shell on the node, not in a container.");
        }
    }

    private static EngineException NotBegun() => EngineException.InvalidArgument("A console begins with 'open' or 'join'.");

    private static string ActorOf(ServerCallContext context) =>
        context.RequestHeaders.FirstOrDefault(entry => entry.Key == LinkProtocol.ActorHeader)?.Value ?? "";

    private static bool Asserts(ServerCallContext context, string permission) => PermissionInterceptor.Has(context, permission);
}
