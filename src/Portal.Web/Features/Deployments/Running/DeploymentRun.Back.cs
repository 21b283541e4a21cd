using System.Collections.Concurrent;
using Portal.Web.Features.Deployments.Applying;
using Portal.Web.Features.Deployments.Node;

namespace Portal.Web.Features.Deployments.Running;

/// <summary>What becomes of one that failed or was cancelled: it is let be, pauses, or goes back.</summary>
internal sealed partial class DeploymentRun
{
    private const int LetBeTold = 3;
    private readonly ConcurrentQueue<string> _letBe = new();

    private string LetBeText => _letBe.IsEmpty ? ""
        : E("Done, with failures that the file lets be: {0:said}", string.Join(' ', _letBe.Distinct().Take(LetBeTold)));

    // It is written down where it stands; a person has it go on or back, or deploys something else.
    private async Task<(DeploymentState State, string Message)> PauseAsync(DeploymentPausedException pause, string why)
    {
        await TellLogAsync(pause);
        var message = journal.Hidden(SentenceOf(why));
        await journal.WriteAsync($"{message} {N("Paused, as failure_action says.")}", true, lost);
        await _store.PauseAsync(claim, message, lost);
        return (DeploymentState.Paused, message);
    }

    // Before anything was touched there is nothing to go back from; what only starts and stops has no way back.
    private async Task<(DeploymentState State, string Message)> EndAsync(string why)
    {
        var isCancelled = cancelled.IsCancellationRequested;
        var reason = isCancelled ? E("Cancelled by {0}.", await _store.CancellerAsync(claim.Id, lost)) : SentenceOf(why);
        if (Phase < DeploymentPhase.Apply || claim.Operation != nameof(DeploymentOperation.Deploy))
        {
            var nothing = Phase < DeploymentPhase.Apply ? $"{reason} {N("Nothing was changed.")}" : reason;
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
                    isCancelled ? DeploymentState.Cancelled : DeploymentState.RolledBack, $"{reason} {E("Revision {0} runs again.", number)}");
            }

            var target = await TargetAsync(null, [], lost);
            await NodePatience.WhileAwayAsync(
                tools, tools.Options.NodePatience, () => RemoveAsync(target, [], withVolumes: false, lost), lost);
            await PruneAsync(target, [], lost);
            _isTakenAway = true;
            return await FinishAsync(
                isCancelled ? DeploymentState.Cancelled : DeploymentState.Failed,
                $"{reason} {N("There was no revision to go back to: what was begun is removed again, volumes are left.")}");
        }
        catch (DeploymentPausedException pause) when (!lost.IsCancellationRequested)
        {
            return await PauseAsync(pause, $"{reason} {E("Going back: {0:said}", pause.Message)}");
        }
        catch (Exception failure) when (IsExpected(failure) && !lost.IsCancellationRequested)
        {
            return await FinishAsync(DeploymentState.Failed, $"{reason} {E("Going back failed too: {0:said}", failure.Message)}");
        }
    }

    // What a runtime says has no full stop, and more is said behind it.
    private static string SentenceOf(string text) => text.Length > 0 && char.IsLetterOrDigit(text[^1]) ? $"{text}." : text;

    private async Task BackToAsync(int number)
    {
        var loaded = await LoadAsync(number, lost);
        var current = await _store.FindAsync(claim.StackId, claim.Revision, lost);
        var target = await TargetAsync(loaded.Stack, current is { } both ? [loaded.Revision, both.Revision] : [loaded.Revision], lost);
        var known = await _store.ImagesOfAsync(claim.StackId, number, lost);
        await NodePatience.WhileAwayAsync(
            tools,
            tools.Options.NodePatience,
            async () =>
            {
                var images = target.IsSpread
                    ? await SpreadOf(target, loaded)!.PlaceBackAsync(known, lost)
                    : await new ImageFetcher(target.Nodes[0].Docker, tools.Registries, journal, PullPolicy.Missing)
                        .RunAsync(loaded.Project, known, lost);
                var context = ContextOf(target, loaded, images, DeploymentPhase.RollBack, force: false);
                await new Applier(context, tools.Networks).RunAsync(lost);
            },
            lost);
        await PruneAsync(target, BroughtFiles.DigestsOf(loaded.Project, loaded.Files), lost);
    }
}
