namespace Portal.Compose.Templates;

/// <summary>A template of a catalogue that others keep.</summary>
/// <param name="Id">Its name within the catalogue: small letters, digits and dashes.</param>
/// <param name="Text">The Compose file with its <c>x-template</c>; of one whose file is elsewhere, what stands before that file.</param>
/// <param name="File">Where the rest of it is; null when that is all.</param>
public sealed record CatalogueItem(string Id, string Text, CatalogueFile? File = null);

/// <summary>A Compose file in a Git repository.</summary>
/// <param name="Repository">The repository's address.</param>
/// <param name="Path">The file in it.</param>
public sealed record CatalogueFile(string Repository, string Path);

/// <summary>What a catalogue has.</summary>
/// <param name="Items">Its templates.</param>
/// <param name="Notes">What was left out, and why.</param>
public sealed record CatalogueContents(IReadOnlyList<CatalogueItem> Items, IReadOnlyList<string> Notes);
