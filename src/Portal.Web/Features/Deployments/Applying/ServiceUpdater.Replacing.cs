using Portal.Compose.Model;
using Portal.Compose.Planning;
using Portal.Web.Features.Deployments.Node;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>Replaces containers by newer ones, lot by lot, and decides about those that fail.</summary>
internal sealed partial class ServiceUpdater
{
    private sealed record Replaced(PlanStep Step, string Made, Exception? Failure);

    private async Task ReplaceAsync(PlanStep[] steps, ServiceFailures failures, CancellationToken cancellationToken)
    {
        var atOnce = _update.Parallelism == 0 ? Math.Max(steps.Length, 1) : _update.Parallelism;
        var lots = steps.Chunk(atOnce).ToArray();
        for (var i = 0; i < lots.Length; i++)
        {
            if (i > 0 && _update.Delay > TimeSpan.Zero)
            {
                await Task.Delay(_update.Delay, context.Time, cancellationToken);
            }

            // The last ones of a deployment are watched with all others at its end; going back has no such end.
            var isLast = i == lots.Length - 1;
            var done = await Task.WhenAll(lots[i].Select(step => ReplaceOneAsync(step, isLast, cancellationToken)));
            await DecideAsync(done, failures, cancellationToken);
            if (!isLast || context.Phase == DeploymentPhase.RollBack)
            {
                var late = await ServiceWatch.OverAsync(
                    [.. done.Where(one => one.Failure is null).Select(one => (at(one.Step.Node), one.Made))], _update.Monitor,
                    cancellationToken);
                await failures.CountAsync(late, cancellationToken);
            }
        }
    }

    private async Task<Replaced> ReplaceOneAsync(PlanStep step, bool isLast, CancellationToken cancellationToken)
    {
        var made = "";
        var isMove = step.Action == PlanAction.Move;
        var failure = await ServiceFailures.OfAsync(() => StepAsync(
            isMove ? E("Move {0:name} to", step.Name) : E("Replace {0:name}", step.Name),
            step,
            async () => made = isMove
                ? await MoveAsync(step, isLast, cancellationToken) : await ReplaceAsync(step, isLast, cancellationToken),
            cancellationToken));
        return new Replaced(step, made, failure);
    }

    private async Task DecideAsync(Replaced[] done, ServiceFailures failures, CancellationToken cancellationToken)
    {
        var failed = done.Where(one => one.Failure is not null).ToArray();
        try
        {
            await failures.CountAsync([.. failed.Select(one => one.Failure!)], cancellationToken);
        }
        catch (DeploymentPausedException)
        {
            foreach (var one in failed)
            {
                await SettleAsync(one.Step, goesOn: false, cancellationToken);
            }

            throw;
        }

        foreach (var one in failed)
        {
            await SettleAsync(one.Step, goesOn: true, cancellationToken);
        }
    }

    // Of the two, where both are there, only one may be left: the new one where the rest goes on, unless it never ran; otherwise the
    // old one.
    private async Task SettleAsync(PlanStep step, bool goesOn, CancellationToken cancellationToken)
    {
        var (here, from) = (at(step.Node).Node, at(step.Action == PlanAction.Move ? step.From : step.Node).Node);
        if ((await NodeSituation.ReadAsync(from, cancellationToken)).Of(context.Project.Name)
            .FirstOrDefault(container => container.Id == step.ContainerId) is not { } old)
        {
            return;
        }

        var made = (await NodeSituation.ReadAsync(here, cancellationToken)).Of(context.Project.Name).FirstOrDefault(
            container => step.Action == PlanAction.Move
                ? container.ForPlan() is { IsOneOff: false } known && known.Service == service.Name && known.Number == step.Number
                : container.Replaces == step.ContainerId);
        if (goesOn && made is not null && made.State != "created")
        {
            await StopAndRemoveAsync(from, step.ContainerId, step.Name, false, cancellationToken);
            if (step.Action != PlanAction.Move)
            {
                await RenameAsync(here, made.Id, NameOf(step), cancellationToken);
            }

            return;
        }

        if (made is not null)
        {
            await StopAndRemoveAsync(here, made.Id, made.Name, false, cancellationToken);
        }

        if (!old.IsRunning)
        {
            await StartAsync(from, old.Id, old.Name, cancellationToken);
        }
    }

    private async Task<string> ReplaceAsync(PlanStep step, bool isLast, CancellationToken cancellationToken)
    {
        var here = at(step.Node);
        var startsFirst = _update.StartsFirst && !service.Ports.Any(IsFixed);
        var old = await ContainerLook.AtAsync(here.Node, step.ContainerId, cancellationToken);
        var name = NameOf(step);
        var made = await MakeAsync(here, $"{old.Id[..ShortId]}_{name}", step.Number, old, cancellationToken);
        if (startsFirst)
        {
            await StartAsync(here.Node, made, name, cancellationToken);
            await ContainerWait.UntilReadyAsync(here, made, cancellationToken);
            await StopAsync(here.Node, old.Id, old.Name, cancellationToken);
        }
        else
        {
            await StopAsync(here.Node, old.Id, old.Name, cancellationToken);
            await StartAsync(here.Node, made, name, cancellationToken);
        }

        await StopAndRemoveAsync(here.Node, old.Id, old.Name, false, cancellationToken);
        await RenameAsync(here.Node, made, name, cancellationToken);
        if (!isLast && !startsFirst)
        {
            // The next ones go only when these do their work.
            await ContainerWait.UntilReadyAsync(here, made, cancellationToken);
        }

        return made;
    }

    // On different nodes neither name nor port is in the way of the other. Nothing marks the successor: it is where it is to be.
    private async Task<string> MoveAsync(PlanStep step, bool isLast, CancellationToken cancellationToken)
    {
        var (here, from) = (at(step.Node), at(step.From).Node);
        if (!_update.StartsFirst)
        {
            await StopAsync(from, step.ContainerId, step.Name, cancellationToken);
        }

        var made = await MakeAsync(here, step.Name, step.Number, null, cancellationToken);
        await StartAsync(here.Node, made, step.Name, cancellationToken);
        if (_update.StartsFirst || !isLast)
        {
            await ContainerWait.UntilReadyAsync(here, made, cancellationToken);
        }

        await StopAndRemoveAsync(from, step.ContainerId, step.Name, false, cancellationToken);
        return made;
    }

    private string NameOf(PlanStep step) => service.ContainerName ?? ProjectPlanner.NameOf(context.Project, service, step.Number);

    // Both can't hold the one port of the host. Those of every node are the nodes'.
    private static bool IsFixed(ServicePort port) =>
        !port.IsIngress && port.Published.Length > 0 && !port.Published.Contains('-', StringComparison.Ordinal);
}
