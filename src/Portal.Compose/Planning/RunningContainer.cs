using System.Globalization;

namespace Portal.Compose.Planning;

/// <summary>A container of a project, as it is.</summary>
/// <param name="ImageId">Of the image that it was made of.</param>
public sealed record RunningContainer(string Id, string Name, string ImageId, bool IsRunning, IReadOnlyDictionary<string, string> Labels)
{
    public string Service => Labels.GetValueOrDefault(ComposeLabels.Service, "");

    public string ConfigHash => Labels.GetValueOrDefault(ComposeLabels.ConfigHash, "");

    /// <summary>Made by <c>run</c>, and nobody's replica.</summary>
    public bool IsOneOff => string.Equals(Labels.GetValueOrDefault(ComposeLabels.OneOff), "true", StringComparison.OrdinalIgnoreCase);

    public int Number =>
        int.TryParse(Labels.GetValueOrDefault(ComposeLabels.Number), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : int.MaxValue;
}
