using Portal.Contracts.Policies;
using Portal.Web.Features.Policies;

namespace Portal.Web.Features.Rest.Policies;

/// <summary>A policy.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">As messages name it.</param>
/// <param name="Description">What it is for.</param>
/// <param name="EnvironmentId">In this environment alone; null for elsewhere.</param>
/// <param name="NodeId">On this node alone; null for elsewhere.</param>
/// <param name="Rules">What it allows.</param>
internal sealed record PolicyItem(Guid Id, string Name, string Description, Guid? EnvironmentId, Guid? NodeId, PolicyRules Rules)
{
    public static PolicyItem Of(PolicyEntry entry) =>
        new(entry.Id, entry.Name, entry.Description, entry.EnvironmentId, entry.NodeId, entry.Rules);
}
