using System.Text.Json;
using Portal.Compose.Model;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Access;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Registries.Storage;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Stacks.Files;
using Portal.Web.Nodes;

namespace Portal.Web.Features.Deployments.Running;

/// <summary>What runs of deployments share.</summary>
internal sealed record DeploymentTools(
    DeploymentStore Store,
    DeploymentPeople People,
    StackSecrets Secrets,
    INodeClients Clients,
    IFleet Fleet,
    IRegistryCredentials Registries,
    DeploymentOptions Options,
    TimeProvider Time);

/// <summary>
/// One deployment from where it stands to its end. Each phase can be begun again: a portal that goes on does the phase that is written
/// down from its beginning, and what was done of it is found on the node.
/// </summary>
/// <param name="tools">What it works with.</param>
/// <param name="claim">The deployment as it was claimed.</param>
/// <param name="journal">Where it is told.</param>
/// <param name="cancelled">Somebody wants it to end; going back is not ended by this.</param>
/// <param name="lost">The portal stops, or another goes on: nothing may be touched any more.</param>
internal sealed class DeploymentRun(
    DeploymentTools tools, Deployment claim, DeploymentJournal journal, CancellationToken cancelled, CancellationToken lost)
{
    /// <summary>The label that tells which deployment made a container.</summary>
    public const string DeploymentLabel = "portal.deployment";

    private const string StackLabel = "portal.stack";
    private const string RevisionLabel = "portal.revision";
    private readonly DeploymentStore _store = tools.Store;

    private DeploymentPhase Phase => Enum.Parse<DeploymentPhase>(claim.Phase);

    /// <returns>How it ended.</returns>
    /// <exception cref="LeaseLostException">Another portal goes on.</exception>
    public async Task<(DeploymentState State, string Message)> ExecuteAsync()
    {
        await journal.BeginAsync(lost);
        if (claim.Attempt > 1)
        {
            await journal.WriteAsync(
                $"Begun again, for the {claim.Attempt - 1}. time: the portal before went away in '{claim.Phase}'.", true, lost);
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancelled, lost);
        try
        {
            if (Phase == DeploymentPhase.RollBack)
            {
                return await GoBackAsync(claim.Message);
            }

            await (Enum.Parse<DeploymentOperation>(claim.Operation) == DeploymentOperation.Deploy
                ? DeployAsync(ending.Token) : MoveAsync(ending.Token));
            return await FinishAsync(DeploymentState.Succeeded, "");
        }
        catch (OperationCanceledException) when (!lost.IsCancellationRequested)
        {
            return await EndAsync("Cancelled.");
        }
        catch (Exception failure) when (IsExpected(failure) && !lost.IsCancellationRequested)
        {
            await TellLogAsync(failure);
            return await EndAsync(failure.Message);
        }
    }

    private sealed record LoadedRevision(Stack Stack, StackRevision Revision, ComposeProject Project, StackFileSet Files);

    private static bool IsExpected(Exception failure) =>
        failure is NodeRefusalException or NodeAwayException or DeploymentRefusedException or ContainerFailedException or StackException;

    private async Task DeployAsync(CancellationToken cancellationToken)
    {
        var loaded = await LoadAsync(claim.Revision, cancellationToken);
        var project = loaded.Project;
        var node = await NodeAsync([loaded.Revision], cancellationToken);
        if (Phase < DeploymentPhase.Apply)
        {
            await EnterAsync(DeploymentPhase.Check);
            await NodePatience.WhileAwayAsync(
                tools, tools.Options.Reach, () => CheckAsync(loaded, node, cancellationToken), cancellationToken);
            await EnterAsync(DeploymentPhase.Pull);
            var fetcher = new ImageFetcher(node.Docker, tools.Registries, journal, Enum.Parse<PullPolicy>(claim.PullPolicy))
            {
                Pins = DeploymentStore.ReadImages(claim.Pins),
            };
            await NodePatience.WhileAwayAsync(
                tools,
                tools.Options.Reach,
                async () => claim.Images = JsonSerializer.Serialize(await fetcher.RunAsync(project, cancellationToken)),
                cancellationToken);
            await EnterAsync(DeploymentPhase.Apply);
        }

        var images = DeploymentStore.ReadImages(claim.Images);
        if (Phase == DeploymentPhase.Apply)
        {
            var context = ContextOf(node.Docker, loaded, images, DeploymentPhase.Apply, claim.Force);
            await NodePatience.WhileAwayAsync(
                tools, tools.Options.NodePatience, () => new Applier(context).RunAsync(cancellationToken), cancellationToken);
            await EnterAsync(DeploymentPhase.Watch);
        }

        var watch = ContextOf(node.Docker, loaded, images, DeploymentPhase.Watch, false);
        await journal.StepAsync(
            DeploymentPhase.Watch,
            "Watch the containers",
            _ => NodePatience.WhileAwayAsync(
                tools, tools.Options.NodePatience, () => ServiceWatch.RunAsync(watch, cancellationToken), cancellationToken),
            cancellationToken);
        await PruneAsync(node.Docker, BroughtFiles.DigestsOf(project, loaded.Files), cancellationToken);
    }

    // What is left lies there for nobody and goes with the next deployment: no reason to go back.
    private async Task PruneAsync(NodeDocker node, IReadOnlyList<string> keep, CancellationToken cancellationToken)
    {
        try
        {
            await BroughtFiles.PruneAsync(node, claim.StackId, keep, cancellationToken);
        }
        catch (Exception failure) when (failure is NodeAwayException or NodeRefusalException)
        {
            await journal.WriteAsync($"Files of earlier revisions were left on the node: {failure.Message}", true, cancellationToken);
        }
    }

    private async Task CheckAsync(
        LoadedRevision loaded, (NodeDocker Docker, DeploymentRights Rights) node, CancellationToken cancellationToken) =>
        await journal.StepAsync(
            DeploymentPhase.Check,
            "Check ports, placement, permissions and policies",
            async _ =>
            {
                var situation = await NodeSituation.ReadAsync(node.Docker, cancellationToken);
                var state = tools.Fleet.Current.Nodes.GetValueOrDefault(claim.NodeId);
                var problems = DeploymentChecks.Find(loaded.Project, loaded.Files, situation, state, node.Rights);
                if (problems.Count > 0)
                {
                    throw new DeploymentRefusedException(string.Join(' ', problems));
                }
            },
            cancellationToken);

    private async Task MoveAsync(CancellationToken cancellationToken)
    {
        var operation = Enum.Parse<DeploymentOperation>(claim.Operation);
        await EnterAsync(DeploymentPhase.Apply);
        var context = await LoadForMoveAsync(cancellationToken);
        var services = context?.Project.Services.Select(service => service.Name).ToArray() ?? [];
        var node = context?.Node ?? (await NodeAsync([], cancellationToken)).Docker;
        var movement = new StackMovement(node, claim.StackName, services, DeploymentPhase.Apply, journal);
        await NodePatience.WhileAwayAsync(
            tools,
            tools.Options.NodePatience,
            () => operation switch
            {
                DeploymentOperation.Start => movement.StartAsync(context, again: false, cancellationToken),
                DeploymentOperation.Restart => movement.StartAsync(context, again: true, cancellationToken),
                DeploymentOperation.Stop => movement.StopAsync(cancellationToken),
                _ => movement.RemoveAsync(claim.RemoveVolumes, cancellationToken),
            },
            cancellationToken);
        if (operation == DeploymentOperation.Remove)
        {
            await PruneAsync(node, [], cancellationToken);
        }
    }

    // What is to stop or go must do so even when its file can't be read any more.
    private async Task<ApplyContext?> LoadForMoveAsync(CancellationToken cancellationToken)
    {
        try
        {
            var loaded = await LoadAsync(claim.Revision, cancellationToken);
            var node = await NodeAsync([loaded.Revision], cancellationToken);
            return ContextOf(node.Docker, loaded, new Dictionary<string, string>(), DeploymentPhase.Apply, force: false);
        }
        catch (DeploymentRefusedException failure)
        {
            await journal.WriteAsync($"{failure.Message} Containers are taken in the order of their names.", true, cancellationToken);
            return null;
        }
    }

    // Before anything was touched there is nothing to go back from; what only starts and stops has no way back.
    private async Task<(DeploymentState State, string Message)> EndAsync(string why)
    {
        var isCancelled = cancelled.IsCancellationRequested;
        var reason = isCancelled ? $"Cancelled by {await _store.CancellerAsync(claim.Id, lost)}." : SentenceOf(why);
        if (Phase < DeploymentPhase.Apply || claim.Operation != nameof(DeploymentOperation.Deploy))
        {
            var nothing = Phase < DeploymentPhase.Apply ? $"{reason} Nothing was changed." : reason;
            return await FinishAsync(isCancelled ? DeploymentState.Cancelled : DeploymentState.Failed, nothing);
        }

        claim.Message = journal.Hidden(reason);
        await EnterAsync(DeploymentPhase.RollBack);
        return await GoBackAsync(claim.Message);
    }

    private async Task<(DeploymentState State, string Message)> GoBackAsync(string reason)
    {
        await journal.WriteAsync(reason, true, lost);
        var isCancelled = await _store.CancellerAsync(claim.Id, lost) is { Length: > 0 };
        try
        {
            if (claim.BackTo is { } number)
            {
                await BackToAsync(number);
                return await FinishAsync(
                    isCancelled ? DeploymentState.Cancelled : DeploymentState.RolledBack, $"{reason} Revision {number} runs again.");
            }

            var node = await NodeAsync([], lost);
            var movement = new StackMovement(node.Docker, claim.StackName, [], DeploymentPhase.RollBack, journal);
            await NodePatience.WhileAwayAsync(
                tools, tools.Options.NodePatience, () => movement.RemoveAsync(withVolumes: false, lost), lost);
            await PruneAsync(node.Docker, [], lost);
            return await FinishAsync(
                isCancelled ? DeploymentState.Cancelled : DeploymentState.Failed,
                $"{reason} There was no revision to go back to: what was begun is removed again, volumes are left.");
        }
        catch (Exception failure) when (IsExpected(failure) && !lost.IsCancellationRequested)
        {
            return await FinishAsync(DeploymentState.Failed, $"{reason} Going back failed too: {failure.Message}");
        }
    }

    // What a runtime says has no full stop, and more is said behind it.
    private static string SentenceOf(string text) => text.Length > 0 && char.IsLetterOrDigit(text[^1]) ? $"{text}." : text;

    private async Task BackToAsync(int number)
    {
        var loaded = await LoadAsync(number, lost);
        var current = await _store.FindAsync(claim.StackId, claim.Revision, lost);
        var node = await NodeAsync(current is { } both ? [loaded.Revision, both.Revision] : [loaded.Revision], lost);
        var known = await _store.ImagesOfAsync(claim.StackId, number, lost);
        await NodePatience.WhileAwayAsync(
            tools,
            tools.Options.NodePatience,
            async () =>
            {
                var fetcher = new ImageFetcher(node.Docker, tools.Registries, journal, PullPolicy.Missing);
                var images = await fetcher.RunAsync(loaded.Project, known, lost);
                var context = ContextOf(node.Docker, loaded, images, DeploymentPhase.RollBack, force: false);
                await new Applier(context).RunAsync(lost);
            },
            lost);
        await PruneAsync(node.Docker, BroughtFiles.DigestsOf(loaded.Project, loaded.Files), lost);
    }

    private Task EnterAsync(DeploymentPhase phase)
    {
        claim.Phase = phase.ToString();
        return _store.EnterAsync(claim, phase, lost);
    }

    private async Task<(DeploymentState State, string Message)> FinishAsync(DeploymentState state, string message)
    {
        var hidden = journal.Hidden(message);
        await _store.FinishAsync(claim, state, hidden, state == DeploymentState.Succeeded ? Remember : null, lost);
        return (state, hidden);
    }

    private void Remember(Stack stack)
    {
        stack.GoodRevision = claim.Operation switch
        {
            nameof(DeploymentOperation.Deploy) => claim.Revision,
            nameof(DeploymentOperation.Remove) => null,
            _ => stack.GoodRevision,
        };
    }

    private async Task TellLogAsync(Exception failure)
    {
        if (failure is ContainerFailedException { ContainerId.Length: > 0 } container)
        {
            var node = await NodeAsync([], lost);
            foreach (var line in await ServiceWatch.LastLinesAsync(node.Docker, container.ContainerId, lost))
            {
                await journal.WriteAsync($"  {line}", true, lost);
            }
        }
    }

    private async Task<LoadedRevision> LoadAsync(int number, CancellationToken cancellationToken)
    {
        var found = await _store.FindAsync(claim.StackId, number, cancellationToken)
            ?? throw new DeploymentRefusedException($"There is no revision {number} of the stack any more.");
        var (project, secrets) = DeploymentProject.Load(found.Stack, found.Revision, found.Files, tools.Secrets);
        journal.Secrets = [.. journal.Secrets.Union(secrets)];
        return new LoadedRevision(found.Stack, found.Revision, project, found.Files);
    }

    private async Task<(NodeDocker Docker, DeploymentRights Rights)> NodeAsync(
        IReadOnlyList<StackRevision> revisions, CancellationToken cancellationToken)
    {
        var rights = await tools.People.RightsAsync(claim, revisions, cancellationToken);
        var actor = claim.ActorId is { } id ? new Actor(id, claim.ActorName, "") : Actor.Portal;
        return (new NodeDocker(tools.Clients, claim.NodeId, claim.NodeName, actor, rights), rights);
    }

    private ApplyContext ContextOf(
        NodeDocker node,
        LoadedRevision loaded,
        IReadOnlyDictionary<string, string> images,
        DeploymentPhase phase,
        bool force) => new(
        loaded.Stack.Id,
        node,
        loaded.Project,
        loaded.Files,
        new Dictionary<string, string>(),
        images,
        JsonSerializer.Deserialize<Dictionary<string, string>>(loaded.Stack.Adopted) ?? [],
        new Dictionary<string, string>
        {
            [StackLabel] = $"{loaded.Stack.Id}",
            [DeploymentLabel] = $"{claim.Id}",
            [RevisionLabel] = $"{loaded.Revision.Number}",
            [Portal.Compose.Planning.ComposeLabels.WorkingFolder] = "/",
            [Portal.Compose.Planning.ComposeLabels.Files] = StackFileSet.DefaultFile,
        },
        force ? KeyValuePair.Create(DeploymentLabel, $"{claim.Id}") : null,
        phase,
        journal,
        tools.Options,
        tools.Time);
}
