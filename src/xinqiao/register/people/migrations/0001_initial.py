
import django.db.models.deletion
import django.db.models.manager
import xinqiao.foundation.core.ids
import xinqiao.foundation.core.places
import xinqiao.foundation.keys.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Guardian',
            fields=[
                ('id', models.UUIDField(default=xinqiao.foundation.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('county_id', models.UUIDField(db_index=True)),
                ('place', xinqiao.foundation.core.places.PlaceField(db_index=True, max_length=120)),
                ('key_id', models.UUIDField()),
                ('name', xinqiao.foundation.keys.fields.SealedField()),
                ('phone', xinqiao.foundation.keys.fields.SealedField(null=True)),
                ('phone_index', models.BinaryField(db_index=True, max_length=16, null=True)),
            ],
            options={
                'abstract': False,
                'base_manager_name': '_system',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_system', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Staff',
            fields=[
                ('id', models.UUIDField(default=xinqiao.foundation.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('county_id', models.UUIDField(db_index=True)),
                ('place', xinqiao.foundation.core.places.PlaceField(db_index=True, max_length=120)),
                ('key_id', models.UUIDField()),
                ('name', xinqiao.foundation.keys.fields.SealedField()),
                ('phone', xinqiao.foundation.keys.fields.SealedField(null=True)),
                ('phone_index', models.BinaryField(db_index=True, max_length=16, null=True)),
                ('mail', xinqiao.foundation.keys.fields.SealedField(null=True)),
                ('title', models.CharField(blank=True, max_length=40)),
                ('left_on', models.DateField(null=True)),
            ],
            options={
                'abstract': False,
                'base_manager_name': '_system',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_system', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='ConsentForm',
            fields=[
                ('id', models.UUIDField(default=xinqiao.foundation.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('county_id', models.UUIDField(db_index=True)),
                ('place', xinqiao.foundation.core.places.PlaceField(db_index=True, max_length=120)),
                ('purpose', models.CharField(choices=[('screening', 'Screening'), ('counselling', 'Counselling'), ('referral', 'Referral')], max_length=16)),
                ('version', models.PositiveSmallIntegerField()),
                ('is_opt_out', models.BooleanField(default=False)),
                ('title_zh', models.CharField(max_length=80)),
                ('title_en', models.CharField(max_length=80)),
                ('text_zh', models.TextField()),
                ('text_en', models.TextField()),
                ('published_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('place', 'purpose', 'version'), name='consentform_once')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_system', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='RosterRun',
            fields=[
                ('id', models.UUIDField(default=xinqiao.foundation.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('county_id', models.UUIDField(db_index=True)),
                ('place', xinqiao.foundation.core.places.PlaceField(db_index=True, max_length=120)),
                ('unit_id', models.UUIDField()),
                ('key_id', models.UUIDField()),
                ('state', models.CharField(choices=[('uploaded', 'Waiting to be read'), ('checked', 'Waiting for your yes'), ('applying', 'Being written'), ('done', 'Imported'), ('failed', 'Could not be read'), ('cancelled', 'Not imported')], default='uploaded', max_length=10)),
                ('counted_on', models.DateField()),
                ('file_name', xinqiao.foundation.keys.fields.SealedField()),
                ('size_bytes', models.PositiveIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('uploaded_by', models.UUIDField()),
                ('uploaded_at', models.DateTimeField()),
                ('accepted_by', models.UUIDField(null=True)),
                ('accepted_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('token', models.CharField(blank=True, max_length=32)),
                ('worked_at', models.DateTimeField(null=True)),
                ('row_count', models.PositiveIntegerField(default=0)),
                ('done_count', models.PositiveIntegerField(default=0)),
                ('created', models.PositiveIntegerField(default=0)),
                ('updated', models.PositiveIntegerField(default=0)),
                ('moved', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
                ('missing', models.PositiveIntegerField(default=0)),
                ('rejected', models.PositiveIntegerField(default=0)),
                ('failure', models.CharField(blank=True, max_length=40)),
                ('outcome', xinqiao.foundation.keys.fields.SealedField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'worked_at'], name='rosterrun_state')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_system', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Student',
            fields=[
                ('id', models.UUIDField(default=xinqiao.foundation.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('county_id', models.UUIDField(db_index=True)),
                ('place', xinqiao.foundation.core.places.PlaceField(db_index=True, max_length=120)),
                ('key_id', models.UUIDField()),
                ('school_id', models.UUIDField()),
                ('school_place', xinqiao.foundation.core.places.PlaceField(db_index=True, max_length=120)),
                ('name', xinqiao.foundation.keys.fields.SealedField()),
                ('number', xinqiao.foundation.keys.fields.SealedField(null=True)),
                ('number_index', models.BinaryField(max_length=16, null=True)),
                ('is_seat_number', models.BooleanField(default=False)),
                ('national_number', xinqiao.foundation.keys.fields.SealedField(null=True)),
                ('national_index', models.BinaryField(max_length=16, null=True)),
                ('id_number', xinqiao.foundation.keys.fields.SealedField(null=True)),
                ('id_index', models.BinaryField(max_length=16, null=True)),
                ('sex', models.CharField(choices=[('female', 'Female'), ('male', 'Male'), ('unknown', 'Not stated')], default='unknown', max_length=8)),
                ('birth_year', models.PositiveSmallIntegerField(null=True)),
                ('birth_on', xinqiao.foundation.keys.fields.SealedField(null=True)),
                ('ethnicity', models.CharField(blank=True, max_length=20)),
                ('boards', models.BooleanField(null=True)),
                ('status', models.CharField(choices=[('active', 'At school'), ('left', 'Left')], default='active', max_length=8)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_seat_number', False)), fields=('school_id', 'number_index'), name='student_number_once'), models.UniqueConstraint(fields=('school_id', 'national_index'), name='student_national_number_once'), models.UniqueConstraint(fields=('school_id', 'id_index'), name='student_id_number_once')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_system', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='PupilPin',
            fields=[
                ('id', models.UUIDField(default=xinqiao.foundation.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('county_id', models.UUIDField(db_index=True)),
                ('place', xinqiao.foundation.core.places.PlaceField(db_index=True, max_length=120)),
                ('key_id', models.UUIDField()),
                ('pin', xinqiao.foundation.keys.fields.SealedField()),
                ('pin_mac', models.BinaryField(max_length=32)),
                ('failures', models.PositiveSmallIntegerField(default=0)),
                ('locked_until', models.DateTimeField(null=True)),
                ('set_at', models.DateTimeField()),
                ('student', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pupil_pin', to='people.student')),
            ],
            options={
                'abstract': False,
                'base_manager_name': '_system',
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_system', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='RosterRefusal',
            fields=[
                ('id', models.UUIDField(default=xinqiao.foundation.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('county_id', models.UUIDField(db_index=True)),
                ('place', xinqiao.foundation.core.places.PlaceField(db_index=True, max_length=120)),
                ('key_id', models.UUIDField()),
                ('row', models.PositiveIntegerField()),
                ('code', models.CharField(max_length=40)),
                ('detail', xinqiao.foundation.keys.fields.SealedField()),
                ('mended_at', models.DateTimeField(null=True)),
                ('mended_by', models.UUIDField(null=True)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refusals', to='people.rosterrun')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('mended_at', None)), fields=['place'], name='rosterrefusal_open')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_system', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='RosterPart',
            fields=[
                ('id', models.UUIDField(default=xinqiao.foundation.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('county_id', models.UUIDField(db_index=True)),
                ('place', xinqiao.foundation.core.places.PlaceField(db_index=True, max_length=120)),
                ('key_id', models.UUIDField()),
                ('number', models.PositiveSmallIntegerField()),
                ('body', xinqiao.foundation.keys.fields.SealedField(binary=True)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='people.rosterrun')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('run', 'number'), name='rosterpart_once')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_system', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Enrolment',
            fields=[
                ('id', models.UUIDField(default=xinqiao.foundation.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('county_id', models.UUIDField(db_index=True)),
                ('place', xinqiao.foundation.core.places.PlaceField(db_index=True, max_length=120)),
                ('class_id', models.UUIDField(db_index=True)),
                ('start_on', models.DateField()),
                ('end_on', models.DateField(null=True)),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enrolments', to='people.student')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('end_on__isnull', True)), fields=('student',), name='enrolment_one_open'), models.CheckConstraint(condition=models.Q(('end_on__isnull', True), ('end_on__gte', models.F('start_on')), _connector='OR'), name='enrolment_interval')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_system', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.UUIDField(default=xinqiao.foundation.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('county_id', models.UUIDField(db_index=True)),
                ('place', xinqiao.foundation.core.places.PlaceField(db_index=True, max_length=120)),
                ('decision', models.CharField(choices=[('given', 'Given'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], max_length=10)),
                ('given_by', models.CharField(choices=[('guardian', 'Guardian'), ('student', 'The student')], max_length=10)),
                ('guardian_id', models.UUIDField(null=True)),
                ('means', models.CharField(default='paper', max_length=10)),
                ('decided_at', models.DateTimeField()),
                ('recorded_by', models.UUIDField(null=True)),
                ('key_id', models.UUIDField()),
                ('remark', xinqiao.foundation.keys.fields.SealedField(null=True)),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='people.consentform')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consents', to='people.student')),
            ],
            options={
                'indexes': [models.Index(fields=['student', 'form', 'decided_at'], name='consent_latest')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_system', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Tie',
            fields=[
                ('id', models.UUIDField(default=xinqiao.foundation.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('county_id', models.UUIDField(db_index=True)),
                ('place', xinqiao.foundation.core.places.PlaceField(db_index=True, max_length=120)),
                ('kind', models.CharField(choices=[('guardian', 'Guardian'), ('mentor', 'Mentor'), ('helper', 'Helper'), ('caseload', 'Caseload'), ('dorm', 'Dormitory')], max_length=10)),
                ('person_id', models.UUIDField(db_index=True)),
                ('relation', models.CharField(blank=True, choices=[('father', 'Father'), ('mother', 'Mother'), ('grandparent', 'Grandparent'), ('guardian', 'Guardian (other)'), ('other', 'Other relation')], max_length=12)),
                ('start_on', models.DateField()),
                ('end_on', models.DateField(null=True)),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ties', to='people.student')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('end_on__isnull', True)), fields=('student', 'kind', 'person_id'), name='tie_one_open')],
            },
            managers=[
                ('objects', django.db.models.manager.Manager()),
                ('_system', django.db.models.manager.Manager()),
            ],
        ),
    ]
