using Microsoft.EntityFrameworkCore;
using Portal.Contracts.Permissions;
using Portal.Data;
using Portal.Web.Access;
using Portal.Web.Features.Deployments;
using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Jobs.Running;

/// <summary>Restarts a stack: queues it as a deployment, which leaves what a person stopped alone, and waits for its end.</summary>
internal sealed class JobStackRestart(
    IDbContextFactory<PortalDbContext> contexts, IDeployments deployments, IAuthorizer authorizer, TimeProvider time)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    public async Task<JobOutcome> RunAsync(JobTask task, CancellationToken cancellationToken)
    {
        var stack = await FindAsync(task.Settings.StackId ?? Guid.Empty, cancellationToken);
        if (stack is null)
        {
            return JobOutcome.Failed(N("There is no such stack any more."));
        }

        var actor = await authorizer.EnsureAsync(
            task.Person, PermissionNames.StacksDeploy, stack.Value.Scope, cancellationToken);
        var order = new DeploymentOrder(
            stack.Value.Id, stack.Value.Revision, DeploymentCause.Schedule, E("job '{0}'", task.Job.Name), actor.UserId, actor.UserName)
        {
            Operation = DeploymentOperation.Restart,
        };
        Guid id;
        try
        {
            id = await deployments.EnqueueAsync(order, cancellationToken);
        }
        catch (StackException failure)
        {
            return JobOutcome.Failed(failure.Message);
        }

        task.Log.WriteLine($"Deployment {id} restarts the stack.");
        while (true)
        {
            if (await EndAsync(id, cancellationToken) is var (state, message))
            {
                return OutcomeOf(state, message);
            }

            await Task.Delay(s_interval, time, cancellationToken);
        }
    }

    // Ended where it is not there any more: its stack was deleted.
    private async Task<(string State, string Message)?> EndAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await database.Deployments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return row is null ? (nameof(DeploymentState.Failed), N("The stack was deleted."))
            : row.FinishedAt is null ? null : (row.State, row.Message);
    }

    private async Task<(Guid Id, AccessScope Scope, int Revision)?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var database = await contexts.CreateDbContextAsync(cancellationToken);
        var stack = await database.Stacks.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return stack is null ? null : (stack.Id, stack.Scope(), stack.GoodRevision ?? stack.Revision);
    }

    private static JobOutcome OutcomeOf(string state, string message) => state switch
    {
        nameof(DeploymentState.Succeeded) => JobOutcome.Succeeded(N("The stack was restarted.")),
        nameof(DeploymentState.Skipped) => new JobOutcome(JobRunState.Skipped, message),
        _ => JobOutcome.Failed(message.Length > 0 ? message : E("The restart ended as {0:said}.", state.ToLowerInvariant())),
    };
}
