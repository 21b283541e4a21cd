namespace Portal.Web.Features.Consoles;

/// <summary>What the terminal's script tells of its console.</summary>
/// <param name="Id">The console's id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Owner">Whoever opened it.</param>
/// <param name="Sharing">A <see cref="Contracts.Consoles.V1.ConsoleSharing"/>.</param>
/// <param name="Recorded">True when what it shows is recorded.</param>
/// <param name="Viewers">Who looks at it now.</param>
public sealed record ConsoleNews(string Id, string Name, string Owner, int Sharing, bool Recorded, IReadOnlyList<string> Viewers);
