namespace Portal.Web.Features.Updates.Checking;

/// <summary>When registries are asked. Times are spread at random by a fifth, so that not all tags are due at once.</summary>
internal sealed record ImageCheckOptions
{
    /// <summary>From one look at a tag to the next; zero for never.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Within so long after it was first seen a tag is looked at.</summary>
    public TimeSpan FirstWithin { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After a failure; doubled with each further one in a row, up to <see cref="LongestBackOff"/>.</summary>
    public TimeSpan BackOff { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan LongestBackOff { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long a registry is left alone that answered 429 and did not say how long.</summary>
    public TimeSpan LimitPause { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How often it is looked for what is due.</summary>
    public TimeSpan Round { get; init; } = TimeSpan.FromSeconds(10);
}
