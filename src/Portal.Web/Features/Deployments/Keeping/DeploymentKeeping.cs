using System.Globalization;

namespace Portal.Web.Features.Deployments.Keeping;

/// <summary>How many deployments are kept, and for how long.</summary>
/// <param name="Count">Of each stack.</param>
/// <param name="Age">All of them, with their steps.</param>
/// <param name="LogAge">What they said.</param>
internal sealed record DeploymentKeeping(int Count, TimeSpan Age, TimeSpan LogAge)
{
    public static DeploymentKeeping Default { get; } = new(200, TimeSpan.FromDays(365), TimeSpan.FromDays(90));

    /// <summary>Reads <c>PORTAL_DEPLOYMENTS_KEEP</c>, such as <c>200,365d,90d</c>; null when it says nothing that can be used.</summary>
    public static DeploymentKeeping? Parse(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries) is [var number, var days, var logDays]
            && ParseNumber(number) is { } count && ParseDays(days) is { } age && ParseDays(logDays) is { } logAge && logAge <= age
            ? new DeploymentKeeping(count, age, logAge) : null;

    private static TimeSpan? ParseDays(string text) =>
        text.EndsWith('d') && ParseNumber(text[..^1]) is { } days ? TimeSpan.FromDays(days) : null;

    private static int? ParseNumber(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 10_000 ? number : null;
}
