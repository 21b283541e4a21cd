using System.Text.Json;
using Portal.Compose.Model;
using Portal.Data.Entities.Deployments;
using Portal.Data.Entities.Stacks;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;
using Portal.Web.Features.Deployments.Spreading;
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
    TimeProvider Time,
    LostNodes Lost,
    IStackNetworks Networks);

/// <summary>
/// One deployment from where it stands to its end. Each phase can be begun again: a portal that goes on does the phase that is written
/// down from its beginning, and what was done of it is found on the node.
/// </summary>
/// <param name="tools">What it works with.</param>
/// <param name="claim">The deployment as it was claimed.</param>
/// <param name="journal">Where it is told.</param>
/// <param name="cancelled">Somebody wants it to end; going back is not ended by this.</param>
/// <param name="lost">The portal stops, or another goes on: nothing may be touched any more.</param>
internal sealed partial class DeploymentRun(
    DeploymentTools tools, Deployment claim, DeploymentJournal journal, CancellationToken cancelled, CancellationToken lost)
{
    /// <summary>The label that tells which deployment made a container.</summary>
    public const string DeploymentLabel = "portal.deployment";

    /// <summary>The label that tells whose a container is.</summary>
    public const string StackLabel = "portal.stack";

    private const string RevisionLabel = "portal.revision";
    private readonly DeploymentStore _store = tools.Store;

    private DeploymentPhase Phase => Enum.Parse<DeploymentPhase>(claim.Phase);

    private DeploymentOperation Operation => Enum.Parse<DeploymentOperation>(claim.Operation);

    /// <returns>How it ended.</returns>
    /// <exception cref="LeaseLostException">Another portal goes on.</exception>
    public async Task<(DeploymentState State, string Message)> ExecuteAsync()
    {
        await journal.BeginAsync(lost);
        if (claim.Attempt > 1)
        {
            await TellAgainAsync();
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancelled, lost);
        try
        {
            if (Phase == DeploymentPhase.RollBack)
            {
                return await GoBackAsync(claim.Message);
            }

            await (Operation == DeploymentOperation.Deploy ? DeployAsync(ending.Token) : MoveAsync(ending.Token));
            var leftOut = MissedMoves.TextOf(Operation, _leftOut?.Select(node => node.Name) ?? []);
            return await FinishAsync(DeploymentState.Succeeded, leftOut.Length > 0 ? leftOut : LetBeText);
        }
        catch (OperationCanceledException) when (!lost.IsCancellationRequested)
        {
            return await EndAsync(N("Cancelled."));
        }
        catch (DeploymentPausedException pause) when (!ending.IsCancellationRequested)
        {
            return await PauseAsync(pause, pause.Message);
        }
        catch (Exception failure) when (IsExpected(failure) && !lost.IsCancellationRequested)
        {
            await TellLogAsync(failure);
            return await EndAsync(failure.Message);
        }
    }

    private sealed record LoadedRevision(Stack Stack, StackRevision Revision, ComposeProject Project, StackFileSet Files);

    private async Task TellAgainAsync()
    {
        if (claim.GoneOnBy.Length == 0)
        {
            await journal.WriteAsync(
                E("Begun again, for the {0}. time: the portal before went away in '{1}'.", claim.Attempt - 1, claim.Phase), true, lost);
            return;
        }

        await journal.WriteAsync(
            Phase == DeploymentPhase.RollBack ? E("{0} has it go back.", claim.GoneOnBy) : E("{0} has it go on.", claim.GoneOnBy), false, lost);
        claim.GoneOnBy = "";
        await EnterAsync(Phase);
    }

    private static bool IsExpected(Exception failure) =>
        failure is NodeRefusalException or NodeAwayException or DeploymentRefusedException or ContainerFailedException or StackException
            or DeploymentPausedException;

    private async Task DeployAsync(CancellationToken cancellationToken)
    {
        var loaded = await LoadAsync(claim.Revision, cancellationToken);
        var project = loaded.Project;
        var target = await TargetAsync(loaded.Stack, [loaded.Revision], cancellationToken);
        var spread = SpreadOf(target, loaded);
        var policy = Enum.Parse<PullPolicy>(claim.PullPolicy);
        if (Phase < DeploymentPhase.Apply)
        {
            await EnterAsync(DeploymentPhase.Check);
            await NodePatience.WhileAwayAsync(
                tools, tools.Options.Reach, () => CheckAsync(loaded, target, spread, cancellationToken), cancellationToken);
            await EnterAsync(DeploymentPhase.Pull);
            await NodePatience.WhileAwayAsync(
                tools, tools.Options.Reach, () => FetchAsync(loaded, target, spread, policy, cancellationToken), cancellationToken);
            await EnterAsync(DeploymentPhase.Apply);
        }

        if (Phase == DeploymentPhase.Apply)
        {
            await NodePatience.WhileAwayAsync(
                tools,
                tools.Options.NodePatience,
                () => ApplyAsync(loaded, target, spread, DeploymentPhase.Apply, claim.Force, cancellationToken),
                cancellationToken);
            await EnterAsync(DeploymentPhase.Watch);
        }

        var images = DeploymentStore.ReadImages(claim.Images);
        var watch = ContextOf(target, loaded, images, DeploymentPhase.Watch, false);
        await journal.StepAsync(
            DeploymentPhase.Watch,
            N("Watch the containers"),
            _ => NodePatience.WhileAwayAsync(
                tools, tools.Options.NodePatience, () => ServiceWatch.RunAsync(watch, cancellationToken), cancellationToken),
            cancellationToken);
        await PruneAsync(target, BroughtFiles.DigestsOf(project, loaded.Files), cancellationToken);
    }

    private SpreadRun? SpreadOf(DeploymentTarget target, LoadedRevision loaded) =>
        target.IsSpread ? new SpreadRun(tools, claim, journal, target, loaded.Project, loaded.Stack) : null;

    private async Task FetchAsync(
        LoadedRevision loaded, DeploymentTarget target, SpreadRun? spread, PullPolicy policy, CancellationToken cancellationToken)
    {
        if (spread is not null)
        {
            await spread.PlaceAsync(cancellationToken);
            await spread.FetchAsync(policy, await spread.KnownAsync(cancellationToken), cancellationToken);
            return;
        }

        var fetcher = new ImageFetcher(target.Nodes[0].Docker, tools.Registries, journal, policy)
        {
            Pins = DeploymentStore.ReadImages(claim.Pins),
        };
        claim.Images = JsonSerializer.Serialize(await fetcher.RunAsync(loaded.Project, cancellationToken));
    }

    // Of a stack over nodes each try finds anew where replicas are to be: a node may have been lost since.
    private async Task ApplyAsync(
        LoadedRevision loaded, DeploymentTarget target, SpreadRun? spread, DeploymentPhase phase, bool force,
        CancellationToken cancellationToken)
    {
        if (spread is not null)
        {
            await spread.PlaceAsync(cancellationToken);
            await spread.FetchAsync(PullPolicy.Missing, DeploymentStore.ReadImages(claim.Images), cancellationToken);
        }

        var context = ContextOf(target, loaded, DeploymentStore.ReadImages(claim.Images), phase, force);
        await new Applier(context, tools.Networks).RunAsync(cancellationToken);
    }

    // What is left lies there for nobody and goes with the next deployment: no reason to go back.
    private async Task PruneAsync(DeploymentTarget target, IReadOnlyList<string> keep, CancellationToken cancellationToken)
    {
        foreach (var node in target.Reachable)
        {
            try
            {
                await BroughtFiles.PruneAsync(node.Docker, claim.StackId, keep, cancellationToken);
            }
            catch (Exception failure) when (failure is NodeAwayException or NodeRefusalException)
            {
                await journal.WriteAsync(E("Files of earlier revisions were left on the node: {0:said}", failure.Message), true, cancellationToken);
            }
        }
    }

    private async Task CheckAsync(
        LoadedRevision loaded, DeploymentTarget target, SpreadRun? spread, CancellationToken cancellationToken) =>
        await journal.StepAsync(
            DeploymentPhase.Check,
            N("Check ports, placement, permissions and policies"),
            async _ =>
            {
                var problems = spread is not null
                    ? await spread.CheckAsync(loaded.Files, cancellationToken)
                    : DeploymentChecks.Find(
                        loaded.Project, loaded.Files, await NodeSituation.ReadAsync(target.Nodes[0].Docker, cancellationToken),
                        tools.Fleet.Current.Nodes.GetValueOrDefault(claim.NodeId), target.Nodes[0].Rights);
                if (problems.Count == 0 && spread is null)
                {
                    problems = await DeploymentSignatures.FindAsync(
                        target.Nodes[0].Docker, loaded.Project, target.Nodes[0].Rights.Policies, tools.Registries,
                        Enum.Parse<PullPolicy>(claim.PullPolicy), DeploymentStore.ReadImages(claim.Pins), cancellationToken);
                }

                if (problems.Count > 0)
                {
                    throw new DeploymentRefusedException(string.Join(' ', problems));
                }
            },
            cancellationToken);

    private Task EnterAsync(DeploymentPhase phase)
    {
        claim.Phase = phase.ToString();
        return _store.EnterAsync(claim, phase, lost);
    }

    private async Task<(DeploymentState State, string Message)> FinishAsync(DeploymentState state, string message)
    {
        var hidden = journal.Hidden(message);
        await _store.FinishAsync(
            claim, state, hidden, state == DeploymentState.Succeeded ? Remember : null, database => KeepMissedAsync(database, state), lost);
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
        if ((failure as DeploymentPausedException)?.InnerException is { } paused)
        {
            await TellLogAsync(paused);
        }
        else if (failure is ContainerFailedException { ContainerId.Length: > 0 } container)
        {
            var node = container.Node ?? (await TargetAsync(null, [], lost)).Nodes[0].Docker;
            foreach (var line in await ServiceWatch.LastLinesAsync(node, container.ContainerId, lost))
            {
                await journal.WriteAsync($"  {line}", true, lost);
            }
        }
    }

    private async Task<LoadedRevision> LoadAsync(int number, CancellationToken cancellationToken)
    {
        var found = await _store.FindAsync(claim.StackId, number, cancellationToken)
            ?? throw new DeploymentRefusedException(E("There is no revision {0} of the stack any more.", number));
        var (project, secrets) = DeploymentProject.Load(found.Stack, found.Revision, found.Files, tools.Secrets);
        journal.Secrets = [.. journal.Secrets.Union(secrets)];
        return new LoadedRevision(found.Stack, found.Revision, project, found.Files);
    }

    private Task<DeploymentTarget> TargetAsync(
        Stack? stack, IReadOnlyList<StackRevision> revisions, CancellationToken cancellationToken) =>
        DeploymentTargets.FindAsync(tools, claim, stack, revisions, cancellationToken);

    private ApplyContext ContextOf(
        DeploymentTarget target,
        LoadedRevision loaded,
        IReadOnlyDictionary<string, string> images,
        DeploymentPhase phase,
        bool force) => new(
        loaded.Stack.Id,
        target.Nodes[0].Docker,
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
        tools.Time)
    {
        Target = target,
        LetBe = _letBe,
    };
}
