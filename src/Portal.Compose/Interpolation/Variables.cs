namespace Portal.Compose.Interpolation;

/// <summary>Finds the value of a variable, or null when it is not set.</summary>
public delegate string? Variables(string name);
