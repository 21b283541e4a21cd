namespace Portal.Web.Features.Environments;

/// <summary>The colours that environments can have; styles know them as <c>p-color-NAME</c>.</summary>
internal static class EnvironmentColors
{
    public static IReadOnlyList<string> All { get; } = ["green", "blue", "amber", "red", "violet", "teal", "grey"];
}
