namespace Portal.Web.Features.Deployments;

public enum DeploymentOperation
{
    /// <summary>Make the node have what the revision says, and run it.</summary>
    Deploy,

    /// <summary>Start the containers that are there.</summary>
    Start,
    Stop,
    Restart,

    /// <summary>Remove the containers and networks; volumes when asked.</summary>
    Remove,
}
