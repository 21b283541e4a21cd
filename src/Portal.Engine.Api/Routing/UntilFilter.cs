using Portal.Engine.Errors;

namespace Portal.Engine.Api.Routing;

/// <summary>The filter <c>until</c> of prunes: a moment, or an age such as <c>24h</c>.</summary>
internal static class UntilFilter
{
    /// <summary>What is older may go; without the filter, all.</summary>
    public static DateTimeOffset Read(DockerFilters filters, TimeProvider clock)
    {
        if (filters.Values("until") is not [var text, ..])
        {
            return DateTimeOffset.MaxValue;
        }

        if (GoDuration.TryParse(text, out var age))
        {
            return clock.GetUtcNow() - age;
        }

        return GoTime.TryParse(text, out var moment)
            ? moment
            : throw EngineException.InvalidArgument($"invalid filter 'until={text}'");
    }
}
