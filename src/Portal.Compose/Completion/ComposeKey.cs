namespace Portal.Compose.Completion;

/// <summary>A key that may stand somewhere.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Lead">What is written between it and what it is for.</param>
public sealed record ComposeKey(string Name, string Lead);
