namespace Portal.Data.Entities;

/// <summary>A role given to a person or to a team: on everything, on an environment, on a node, or on a stack.</summary>
public sealed class Grant
{
    public Guid Id { get; set; }

    /// <summary>The person, or null when it is a team's.</summary>
    public Guid? UserId { get; set; }

    /// <summary>The team, or null when it is a person's.</summary>
    public Guid? TeamId { get; set; }

    /// <summary>
    /// A built-in role's name, as <c>Operator</c>, or the id of a <see cref="Access.CustomRole"/>. What names no role any more grants nothing.
    /// </summary>
    public string Role { get; set; } = "";

    /// <summary>The role when it is a <see cref="Access.CustomRole"/>; the grant goes with it.</summary>
    public Guid? RoleId { get; set; }

    /// <summary>The environment, or null for elsewhere.</summary>
    public Guid? EnvironmentId { get; set; }

    /// <summary>The node, or null for elsewhere.</summary>
    public Guid? NodeId { get; set; }

    /// <summary>The stack, or null for elsewhere; the grant goes with it.</summary>
    public Guid? StackId { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
