using System.Runtime.ExceptionServices;
using Portal.Compose.Model;
using Portal.Web.Features.Deployments.Node;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>
/// Counts what fails of a service, and decides as its file says: so much may fail, and beyond that the deployment goes back, pauses or goes
/// on all the same. Where the file does not say it goes back.
/// </summary>
/// <remarks>Belongs to one run of a deployment; <c>of</c>: how many there are.</remarks>
internal sealed class ServiceFailures(ApplyContext context, ComposeService service, int of)
{
    private int _failed;

    /// <summary>Does something of which the containers may fail.</summary>
    /// <returns>How one failed; null when none did. What else goes wrong is thrown on.</returns>
    public static async Task<Exception?> OfAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (Exception failure) when (failure is ContainerFailedException or NodeRefusalException)
        {
            return failure;
        }
    }

    /// <summary>Adds failures; comes back when the deployment is to go on.</summary>
    /// <exception cref="DeploymentPausedException">It is to stop where it is.</exception>
    /// <exception cref="ContainerFailedException">It is to go back.</exception>
    /// <exception cref="NodeRefusalException">It is to go back.</exception>
    public async Task CountAsync(IReadOnlyList<Exception> failures, CancellationToken cancellationToken)
    {
        if (failures.Count == 0)
        {
            return;
        }

        _failed += failures.Count;
        var update = context.UpdateOf(service);
        var mayFail = _failed <= update.MaxFailureRatio * of;
        if (!mayFail && update.OnFailure == UpdateFailureAction.Pause)
        {
            throw new DeploymentPausedException(failures[0]);
        }

        if (!mayFail && update.OnFailure != UpdateFailureAction.Continue)
        {
            ExceptionDispatchInfo.Throw(failures[0]);
        }

        foreach (var failure in failures)
        {
            context.LetBe.Enqueue(failure.Message);
            await context.Journal.WriteAsync(
                $"{failure.Message} {(mayFail
                    ? E("The rest of {0:name} goes on: {1} of {2} failed, and max_failure_ratio lets so many.", service.Name, _failed, of)
                    : E("The rest of {0:name} goes on: {1} of {2} failed, and failure_action is continue.", service.Name, _failed, of))}",
                true, cancellationToken);
        }
    }
}
