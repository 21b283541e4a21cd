namespace Portal.Web.Features.Policies.Enforcing;

/// <summary>That policies do not stand against something.</summary>
/// <param name="Permissions">What is to be asserted to the node besides.</param>
/// <param name="Note">What the audit log is to say of it; empty for nothing.</param>
internal sealed record PolicyLeave(IReadOnlyList<string> Permissions, string Note)
{
    public static PolicyLeave Plain { get; } = new([], "");
}
