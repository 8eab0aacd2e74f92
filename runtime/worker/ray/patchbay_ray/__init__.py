"""What Patchbay runs on a Ray cluster: trainings as jobs, models as Serve applications."""
