using Grpc.Core;
using Portal.Contracts.Consoles.V1;
using Portal.Contracts.Permissions;
using Portal.Web.Access;
using Portal.Web.Features.Consoles;
using Portal.Web.Features.Consoles.Rules;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Jobs.Running;

/// <summary>Runs a command in a container: a console without keys, which the rules for consoles hold for too.</summary>
internal sealed class JobCommand(INodeCalls calls, ConsolePolicies policies)
{
    // Wide, so that lines come as they were written.
    private static readonly ConsoleSize s_size = new() { Columns = 200, Rows = 50 };

    public async Task<JobOutcome> RunAsync(JobTask task, CancellationToken cancellationToken)
    {
        var (settings, ended) = (task.Settings, new ConsoleExited());
        var policy = await policies.ReadAsync(cancellationToken);
        var open = new ConsoleOpen
        {
            Container = settings.Container,
            Command = { settings.Command },
            User = settings.User,
            Kind = ConsoleKind.Exec,
            Name = $"job {task.Job.Name}",
            IdleSeconds = settings.TimeoutMinutes * 60L,
            Record = policy.Records(onNode: false),
            Person = task.Person.ToActor().UserName,
            Size = s_size,
        };
        var subject = new ChangeSubject("console.open", "container", settings.Container, settings.Container, $"job '{task.Job.Name}'")
        {
            Result = () => $"exit code {ended.ExitCode}",
        };
        await calls.ChangeAsync(
            task.Person, task.NodeId, [PermissionNames.ContainersExec], subject,
            async invoker => ended = await ReadAsync(new ConsoleService.ConsoleServiceClient(invoker), open, task.Log, cancellationToken),
            cancellationToken);
        return ended is { End: ConsoleEnd.Program, ExitCode: 0 }
            ? JobOutcome.Succeeded(N("The command succeeded.")) : JobOutcome.Failed(ConsoleWords.EndOf(ended));
    }

    private static async Task<ConsoleExited> ReadAsync(
        ConsoleService.ConsoleServiceClient client, ConsoleOpen open, JobLog log, CancellationToken cancellationToken)
    {
        // Left in whatever way, the command is hung up: nobody is there to see its end.
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var call = client.OpenConsole(cancellationToken: left.Token);
        try
        {
            await call.RequestStream.WriteAsync(new OpenConsoleRequest { Open = open }, left.Token);
            await foreach (var message in call.ResponseStream.ReadAllAsync(left.Token))
            {
                if (message.EventCase == OpenConsoleResponse.EventOneofCase.Output)
                {
                    log.Write(message.Output.Span);
                }
                else if (message.EventCase == OpenConsoleResponse.EventOneofCase.Exited)
                {
                    return message.Exited;
                }
            }
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        finally
        {
            await left.CancelAsync();
        }

        throw new RpcException(new Status(
            StatusCode.Unavailable, "The connection to the node broke off before the command had ended, and so did the command."));
    }
}
