using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Portal.Agent.Services.Logs;
using Portal.Contracts.Containers.V1;
using Portal.Engine.Api.Containers;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Updates;
using Portal.Engine.Errors;

namespace Portal.Agent.Services;

internal sealed class ContainerGrpcService(IContainers containers, IContainerUpdates updates, LogDownload logs, LogPages pages)
    : ContainerService.ContainerServiceBase
{
    public override async Task<ListContainersResponse> ListContainers(
        ListContainersRequest request, ServerCallContext context)
    {
        var all = await containers.ListAsync(all: true, context.CancellationToken).ConfigureAwait(false);
        var response = new ListContainersResponse();
        response.Containers.AddRange(all.Select(Mapping.ToSummary));
        return response;
    }

    public override async Task<InspectContainerResponse> InspectContainer(
        InspectContainerRequest request, ServerCallContext context)
    {
        var container = await containers.InspectAsync(request.Container, context.CancellationToken).ConfigureAwait(false);
        return new InspectContainerResponse
        {
            Summary = Mapping.ToSummary(container),
            Json = DockerInspect.Format(container),
            Health = HealthMapping.ToHealth(container),
            Resources = Mapping.ToResources(container.Spec.Resources),
        };
    }

    public override async Task<CreateContainerResponse> CreateContainer(
        CreateContainerRequest request, ServerCallContext context)
    {
        var created = await containers.CreateAsync(Mapping.ToSpec(request), context.CancellationToken).ConfigureAwait(false);
        if (request.Start)
        {
            await StartNewAsync(created.Id, context.CancellationToken).ConfigureAwait(false);
        }

        var response = new CreateContainerResponse { Id = created.Id, Name = created.Name };
        response.Warnings.AddRange(created.Warnings);
        return response;
    }

    public override async Task<StartContainerResponse> StartContainer(
        StartContainerRequest request, ServerCallContext context)
    {
        var started = await containers.StartAsync(request.Container, context.CancellationToken).ConfigureAwait(false);
        return new StartContainerResponse { WasRunning = !started };
    }

    public override async Task<StopContainerResponse> StopContainer(
        StopContainerRequest request, ServerCallContext context)
    {
        var grace = ToGrace(request.HasGraceSeconds, request.GraceSeconds);
        var stopped = await containers
            .StopAsync(request.Container, grace, cancellationToken: context.CancellationToken).ConfigureAwait(false);
        return new StopContainerResponse { WasStopped = !stopped };
    }

    public override async Task<RestartContainerResponse> RestartContainer(
        RestartContainerRequest request, ServerCallContext context)
    {
        var grace = ToGrace(request.HasGraceSeconds, request.GraceSeconds);
        await containers
            .RestartAsync(request.Container, grace, cancellationToken: context.CancellationToken).ConfigureAwait(false);
        return new RestartContainerResponse();
    }

    public override async Task<KillContainerResponse> KillContainer(
        KillContainerRequest request, ServerCallContext context)
    {
        var signal = request.Signal.Length == 0 ? null : request.Signal;
        await containers.KillAsync(request.Container, signal, context.CancellationToken).ConfigureAwait(false);
        return new KillContainerResponse();
    }

    public override async Task<PauseContainerResponse> PauseContainer(
        PauseContainerRequest request, ServerCallContext context)
    {
        await containers.PauseAsync(request.Container, context.CancellationToken).ConfigureAwait(false);
        return new PauseContainerResponse();
    }

    public override async Task<UnpauseContainerResponse> UnpauseContainer(
        UnpauseContainerRequest request, ServerCallContext context)
    {
        await containers.UnpauseAsync(request.Container, context.CancellationToken).ConfigureAwait(false);
        return new UnpauseContainerResponse();
    }

    public override async Task<RenameContainerResponse> RenameContainer(
        RenameContainerRequest request, ServerCallContext context)
    {
        await containers.RenameAsync(request.Container, request.NewName, context.CancellationToken).ConfigureAwait(false);
        return new RenameContainerResponse();
    }

    public override async Task<UpdateContainerResponse> UpdateContainer(
        UpdateContainerRequest request, ServerCallContext context)
    {
        // Not to be cancelled: limits that are set are written down.
        var warnings = await updates
            .UpdateAsync(request.Container, Mapping.ToUpdate(request), CancellationToken.None).ConfigureAwait(false);
        var response = new UpdateContainerResponse();
        response.Warnings.AddRange(warnings);
        return response;
    }

    public override async Task<RemoveContainerResponse> RemoveContainer(
        RemoveContainerRequest request, ServerCallContext context)
    {
        await containers
            .RemoveAsync(request.Container, request.Force, request.RemoveVolumes, context.CancellationToken)
            .ConfigureAwait(false);
        return new RemoveContainerResponse();
    }

    public override async Task<ListProcessesResponse> ListProcesses(
        ListProcessesRequest request, ServerCallContext context)
    {
        var processes = await containers
            .ListProcessesAsync(request.Container, context.CancellationToken).ConfigureAwait(false);
        var response = new ListProcessesResponse();
        response.Processes.AddRange(processes.Select(process => new Process
        {
            Pid = process.ProcessId,
            ParentPid = process.ParentProcessId,
            User = process.User,
            StartedAt = Timestamp.FromDateTimeOffset(process.StartedAt),
            CpuMilliseconds = (long)process.CpuTime.TotalMilliseconds,
            Command = process.Command,
        }));
        return response;
    }

    public override Task ReadLogs(
        ReadLogsRequest request, IServerStreamWriter<ReadLogsResponse> responseStream, ServerCallContext context)
    {
        return logs.WriteAsync(request, responseStream, context.CancellationToken);
    }

    public override Task<ReadLogLinesResponse> ReadLogLines(ReadLogLinesRequest request, ServerCallContext context)
    {
        return pages.ReadAsync(request, context.CancellationToken);
    }

    private async Task StartNewAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await containers.StartAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Also when the call was cancelled: nothing half-made may stay in the way of a corrected request.
            await RemoveNewAsync(id).ConfigureAwait(false);
            throw;
        }
    }

    private async Task RemoveNewAsync(string id)
    {
        try
        {
            await containers.RemoveAsync(id, force: true, removeVolumes: true, CancellationToken.None).ConfigureAwait(false);
        }
        catch (EngineException failure) when (failure.Kind == EngineErrorKind.NotFound)
        {
            // It removed itself when it ended.
        }
    }

    private static TimeSpan? ToGrace(bool isGiven, int seconds)
    {
        return !isGiven ? null
            : seconds >= 0 ? TimeSpan.FromSeconds(seconds)
            : throw EngineException.InvalidArgument("The grace period can't be negative.");
    }
}
