using Portal.Data.Entities.Deployments;

namespace Portal.Web.Features.Deployments.Reporting;

/// <summary>What a host is told of a deployment.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Text">In a few words.</param>
public sealed record CommitStatus(CommitState State, string Text)
{
    private const char Between = ':';

    public static CommitStatus Of(Deployment row) => Enum.Parse<DeploymentState>(row.State) switch
    {
        DeploymentState.AwaitingApproval => new(CommitState.Pending, $"Waits for approval on {NameOf(row)}"),
        DeploymentState.AwaitingWindow => new(CommitState.Pending, $"Waits for a window on {NameOf(row)}"),
        DeploymentState.Queued => new(CommitState.Pending, $"Is to be deployed on {NameOf(row)}"),
        DeploymentState.Running when row.Phase == nameof(DeploymentPhase.RollBack) =>
            new(CommitState.Running, $"Failed on {NameOf(row)}, going back"),
        DeploymentState.Running => new(CommitState.Running, $"Is being deployed on {NameOf(row)}"),
        DeploymentState.Paused => new(CommitState.Failure, $"Paused on {NameOf(row)}, since too much failed"),
        DeploymentState.Succeeded => new(CommitState.Success, $"Deployed on {NameOf(row)}"),
        DeploymentState.RolledBack => new(CommitState.Failure, $"Failed on {NameOf(row)}; what ran before runs again"),
        DeploymentState.Refused => new(CommitState.Failure, $"Was not approved for {NameOf(row)}"),
        DeploymentState.Expired => new(CommitState.Failure, $"Nobody approved it in time for {NameOf(row)}"),
        DeploymentState.Failed => new(CommitState.Failure, $"Failed on {NameOf(row)}"),
        _ => new(CommitState.Cancelled, $"Was not deployed on {NameOf(row)}"),
    };

    public static CommitStatus Parse(string text)
    {
        var at = text.IndexOf(Between, StringComparison.Ordinal);
        return new(Enum.Parse<CommitState>(text[..at]), text[(at + 1)..]);
    }

    public override string ToString() => $"{State}{Between}{Text}";

    // Hosts cut what is longer; no message of the deployment, which may name what a host's readers are not to see.
    private static string NameOf(Deployment row)
    {
        const int Longest = 60;
        return row.NodeName.Length <= Longest ? row.NodeName : row.NodeName[..Longest] + "…";
    }
}
