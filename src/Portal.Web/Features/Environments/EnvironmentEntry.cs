namespace Portal.Web.Features.Environments;

/// <summary>An environment as pages show it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Color">One of <see cref="EnvironmentColors"/>.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Nodes">How many nodes are in it, seen or not.</param>
internal sealed record EnvironmentEntry(Guid Id, string Name, string Color, string Description, int Nodes);
