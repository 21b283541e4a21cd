using Portal.Data;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Spreading;

namespace Portal.Web.Features.Deployments.Running;

/// <summary>Starting, stopping and removing what is there.</summary>
internal sealed partial class DeploymentRun
{
    private IReadOnlyList<TargetNode>? _leftOut;
    private bool _isTakenAway;

    private async Task MoveAsync(CancellationToken cancellationToken)
    {
        await EnterAsync(DeploymentPhase.Apply);
        var context = await LoadForMoveAsync(cancellationToken);
        var services = context?.Project.Services.Select(service => service.Name).ToArray() ?? [];
        var target = context?.Target ?? await TargetAsync(null, [], cancellationToken);
        await SpreadRun.TellLostAsync(journal, target, cancellationToken);
        await NodePatience.WhileAwayAsync(
            tools,
            tools.Options.NodePatience,
            () => Operation switch
            {
                DeploymentOperation.Start => Movement(target, services).StartAsync(context, again: false, cancellationToken),
                DeploymentOperation.Restart => Movement(target, services).StartAsync(context, again: true, cancellationToken),
                DeploymentOperation.Stop => Movement(target, services).StopAsync(cancellationToken),
                _ => RemoveAsync(target, services, claim.RemoveVolumes, cancellationToken),
            },
            cancellationToken);
        if (Operation == DeploymentOperation.Remove)
        {
            await PruneAsync(target, [], cancellationToken);
        }
    }

    private StackMovement Movement(DeploymentTarget target, IReadOnlyList<string> services)
    {
        var reached = target.Reachable;
        _leftOut = [.. target.Nodes.Except(reached)];
        return new([.. reached.Select(node => node.Docker)], claim.StackName, services, Phase, journal);
    }

    private async Task RemoveAsync(
        DeploymentTarget target, IReadOnlyList<string> services, bool withVolumes, CancellationToken cancellationToken)
    {
        await Movement(target, services).RemoveAsync(withVolumes, cancellationToken);
        if (target.IsSpread)
        {
            await SpreadRun.ForgetAsync(tools, claim, cancellationToken);
        }
    }

    // What is to stop or go must do so even when its file can't be read any more.
    private async Task<ApplyContext?> LoadForMoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            var loaded = await LoadAsync(claim.Revision, cancellationToken);
            var target = await TargetAsync(loaded.Stack, [loaded.Revision], cancellationToken);
            return ContextOf(target, loaded, new Dictionary<string, string>(), DeploymentPhase.Apply, force: false);
        }
        catch (DeploymentRefusedException failure)
        {
            await journal.WriteAsync($"{failure.Message} {N("Containers are taken in the order of their names.")}", true, cancellationToken);
            return null;
        }
    }

    // What a first deployment had begun goes again too, when it fails.
    private Task KeepMissedAsync(PortalDbContext database, DeploymentState state)
    {
        if (state == DeploymentState.Succeeded && Operation is not (DeploymentOperation.Stop or DeploymentOperation.Remove))
        {
            return MissedMoves.ForgetAsync(database, claim, Operation, lost);
        }

        var isDone = state == DeploymentState.Succeeded || _isTakenAway;
        return claim.EnvironmentId is null || !isDone || _leftOut is null ? Task.CompletedTask : MissedMoves.WriteAsync(
            database, claim, Operation == DeploymentOperation.Stop ? DeploymentOperation.Stop : DeploymentOperation.Remove,
            [.. _leftOut.Select(node => node.Id)], tools.Time.GetUtcNow(), lost);
    }
}
