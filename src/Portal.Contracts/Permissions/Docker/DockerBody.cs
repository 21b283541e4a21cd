namespace Portal.Contracts.Permissions.Docker;

/// <summary>What is done with the body of a request of Docker's API.</summary>
public enum DockerBody
{
    /// <summary>It is passed on as it comes, or there is none.</summary>
    Stream,

    /// <summary>It is read whole and looked into: what it asks for may need more.</summary>
    Checked,

    /// <summary>It is read whole, and then the connection is taken away from HTTP.</summary>
    Hijack,
}
