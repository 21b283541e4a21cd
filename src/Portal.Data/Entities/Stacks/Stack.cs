namespace Portal.Data.Entities.Stacks;

/// <summary>A stack: Compose files for a node, or for the nodes of an environment. What it says is in its revisions.</summary>
public sealed class Stack
{
    public Guid Id { get; set; }

    /// <summary>The Compose project's name; once on a node.</summary>
    public string Name { get; set; } = "";

    /// <summary>Empty for a stack over several nodes.</summary>
    public Guid NodeId { get; set; }

    /// <summary>Of a stack over several nodes the environment's name.</summary>
    public string NodeName { get; set; } = "";

    /// <summary>The environment over whose nodes it is spread; null for a stack on one node.</summary>
    public Guid? EnvironmentId { get; set; }

    /// <summary>JSON: by service and number of a replica the node that it is to be on; of a stack over several nodes alone.</summary>
    public string Placement { get; set; } = "{}";

    /// <summary>The number of the newest revision.</summary>
    public int Revision { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>What a person wants of it: <c>Running</c>, <c>Stopped</c> or <c>Removed</c>. Nothing automatic goes against it.</summary>
    public string Intent { get; set; } = "Running";

    /// <summary>The revision that was last deployed with success, and to which a failed deployment goes back; null before the first.</summary>
    public int? GoodRevision { get; set; }

    /// <summary>JSON: how many containers of a service a person wants, by the service, where that is not what the file says.</summary>
    public string Scales { get; set; } = "{}";

    /// <summary>JSON: the hash that another tool gave a service, and the one here that it stands for.</summary>
    public string Adopted { get; set; } = "{}";

    /// <summary>Targets of alerts that are told of its deployments; some of them may be gone.</summary>
    public Guid[] ToldTargets { get; set; } = [];

    /// <summary>What they are told: of <c>Started</c>, <c>Succeeded</c>, <c>Failed</c>, <c>Paused</c> and <c>RolledBack</c> those that are wanted.</summary>
    public string[] ToldEvents { get; set; } = [];
}
