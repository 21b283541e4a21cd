namespace Portal.Web.Features.Rest.Containers;

/// <summary>Another name for a container.</summary>
internal sealed record RenameContainer(string Name);
