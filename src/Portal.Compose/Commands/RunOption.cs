namespace Portal.Compose.Commands;

/// <summary>How an option of <c>docker run</c> is said in a Compose file.</summary>
/// <param name="Key">Of the service, with dots for what lies deeper.</param>
internal sealed record RunOption(string Key, RunOptionForm Form = RunOptionForm.Value);
