namespace Portal.Web.Features.Environments;

/// <summary>The colours that environments can have; styles know them as <c>p-color-NAME</c>.</summary>
internal static class EnvironmentColors
{
    public static IReadOnlyList<string> All { get; } = [N("green"), N("blue"), N("amber"), N("red"), N("violet"), N("teal"), N("grey")];
}
